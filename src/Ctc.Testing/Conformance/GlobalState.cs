using System.Globalization;

namespace Ctc.Testing.Conformance;

/// <summary>The state that all parts of a process share: what a part changes there changes what others compute.</summary>
internal sealed class GlobalState : IDisposable
{
    private readonly bool recording = torch.is_grad_enabled();
    private readonly torch.ScalarType type = torch.get_default_dtype();
    private readonly int threads = torch.get_num_threads();
    private readonly CultureInfo culture = CultureInfo.CurrentCulture, ofTexts = CultureInfo.CurrentUICulture;
    private readonly CultureInfo? ofThreads = CultureInfo.DefaultThreadCurrentCulture;
    private readonly string folder = Environment.CurrentDirectory;
    private readonly TextWriter output = Console.Out, error = Console.Error;
    private readonly Tensor generator;

    /// <summary>Records the state.</summary>
    public GlobalState()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        generator = torch.Generator.Default.get_state().DetachFromDisposeScope();
    }

    /// <summary>The first difference of the state from the recorded one, the random generator aside; null if there is none.</summary>
    /// <returns>A sentence of what is changed, from what, to what.</returns>
    public string? Change() =>
        torch.is_grad_enabled() != recording ? Changed("gradient mode", recording, torch.is_grad_enabled())
        : torch.get_default_dtype() != type ? Changed("default type", type, torch.get_default_dtype())
        : torch.get_num_threads() != threads ? Changed("number of threads", threads, torch.get_num_threads())
        : !CultureInfo.CurrentCulture.Equals(culture) ? Changed("culture", culture.Name, CultureInfo.CurrentCulture.Name)
        : !CultureInfo.CurrentUICulture.Equals(ofTexts) ? Changed("culture of texts", ofTexts.Name, CultureInfo.CurrentUICulture.Name)
        : !Equals(CultureInfo.DefaultThreadCurrentCulture, ofThreads)
            ? Changed("culture of new threads", ofThreads?.Name ?? "none", CultureInfo.DefaultThreadCurrentCulture?.Name ?? "none")
        : Environment.CurrentDirectory != folder ? Changed("current folder", folder, Environment.CurrentDirectory)
        : null;

    /// <summary>Whether the random generator has the same state as in another record.</summary>
    public bool HasGeneratorOf(GlobalState other)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return generator.equal(other.generator).all().item<bool>();
    }

    /// <summary>Restores the recorded state.</summary>
    public void Dispose()
    {
        torch.set_grad_enabled(recording);
        if (torch.get_default_dtype() != type) torch.set_default_dtype(type);
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ofTexts);
        CultureInfo.DefaultThreadCurrentCulture = ofThreads;
        if (Environment.CurrentDirectory != folder) Environment.CurrentDirectory = folder;
        if (Console.Out != output) Console.SetOut(output);
        if (Console.Error != error) Console.SetError(error);
        torch.Generator.Default.set_state(generator);
        generator.Dispose();
    }

    private static string Changed(string what, object from, object to) =>
        FormattableString.Invariant($"it changes the {what} from {from} to {to}, for all parts and for the command; expected no change");
}
