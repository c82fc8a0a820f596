namespace Ctc.Hosting;

/// <summary>
/// Observes the load of plugins, and reports a part whose creation does not return: module initialisers, constructors and setters of a plugin may
/// hang.
/// </summary>
/// <param name="patience">The time after which a part is reported. Nothing is ended.</param>
/// <param name="report">Called at most once for each creation, on another thread.</param>
internal sealed class PluginWatch(TimeSpan patience, Action<PartFactory> report)
{
    /// <summary>Gets what is called after each plugin is loaded; null for nothing.</summary>
    public Action? Loaded { get; init; }

    /// <summary>Runs code of the plugin that exports a part.</summary>
    /// <param name="part">The part, or the part whose options are created.</param>
    /// <param name="code">The code to run, on this thread.</param>
    public T Run<T>(PartFactory part, Func<T> code)
    {
        using var timer = new Timer(_ => report(part), null, patience, Timeout.InfiniteTimeSpan);
        return code();
    }
}
