using System.CommandLine;
using Ctc.Configuration.Schema;

namespace Ctc.Cli.Commands.Decode;

/// <summary>The arguments of commands that read the model of a run.</summary>
internal static class ModelOptions
{
    /// <summary>Creates the argument RUN.</summary>
    public static Argument<string> CreateRun() => new("RUN") { Description = "The folder of a run." };

    /// <summary>Creates the option --trust.</summary>
    public static Option<bool> CreateTrust() =>
        new("--trust") { Description = "Load the plugins at the paths that RUN names too: code chosen by its author." };

    /// <summary>Creates the option --any-build.</summary>
    public static Option<bool> CreateAnyBuild() =>
        new("--any-build") { Description = "Read with another build of a plugin than the one that trained the model." };

    /// <summary>Creates the option --emissions.</summary>
    public static Option<bool> CreateEmissions() => new("--emissions")
    {
        Description = "Apply the emission transforms of the run's objective before decoding, such as a label prior.",
    };

    /// <summary>Gets what is loaded under --emissions.</summary>
    public static ReadingParts Parts(ParseResult parsed, Option<bool> emissions) =>
        parsed.GetValue(emissions) ? ReadingParts.EmissionTransforms : ReadingParts.None;

    /// <summary>Gets why --emissions is refused beside outputs of other programs.</summary>
    public static string EmissionsOfRun => "--emissions applies transforms of a run; expected no --tokens with it.";

    /// <summary>Returns why a set does not exist; null if it may.</summary>
    /// <param name="name">The value of --set; null if it is not given.</param>
    public static string? RefuseSet(string? name) =>
        name is null or "train" or "dev" or "test" ? null : $"the set is '{name}'; expected train, dev or test.";
}
