using Ctc.Comparisons.Sweeps.Slurm;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Comparisons;

/// <summary>Registers the built-in parts of sweeps.</summary>
public static class ComparisonServices
{
    /// <summary>Registers the launcher <c>slurm</c>.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddCtcComparisons(this IServiceCollection services) =>
        services.AddCtcPart<ILauncher, SlurmLauncher>(options => new SlurmLauncher((SlurmOptions)options));
}
