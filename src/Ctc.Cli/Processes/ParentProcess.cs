namespace Ctc.Cli.Processes;

/// <summary>The process that started this one. It holds this one's standard input open for as long as it lives and wants a result.</summary>
internal static class ParentProcess
{
    /// <summary>Does something, on a thread of its own, once the input has come to its end.</summary>
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
