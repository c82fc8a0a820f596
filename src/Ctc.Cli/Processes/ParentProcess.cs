namespace Ctc.Cli.Processes;

/// <summary>The process that started this one. It keeps the standard input of this one open as long as it needs the result.</summary>
internal static class ParentProcess
{
    /// <summary>Executes an action, on a background thread, at the end of the input.</summary>
    public static void WhenGone(TextReader input, Action then)
    {
        var listener = new Thread(() =>
        {
            while (input.ReadLine() is not null)
            {
            }

            then();
        }) { IsBackground = true };
        listener.Start();
    }
}
