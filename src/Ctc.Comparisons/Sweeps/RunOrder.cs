namespace Ctc.Comparisons.Sweeps;

/// <summary>
/// The message with which a sweep starts the process of one run. The standard input of the process stays open as long as the sweep runs.
/// </summary>
/// <param name="Experiment">The resolved configuration, as text.</param>
/// <param name="Identity">The identity that the process must compute for the run.</param>
/// <param name="BaseFolder">The folder of the experiment's file.</param>
/// <param name="Output">The run's folder.</param>
public sealed record RunOrder(string Experiment, string Identity, string BaseFolder, string Output);
