namespace Ctc.Cli.Commands.Loss;

/// <summary>A sequence whose next item is computed on another thread while the current one is in use.</summary>
internal static class OneAhead
{
    /// <summary>Begins with the first item at once.</summary>
    /// <param name="source">Its items are computed one after the other. Its exceptions are thrown where the item would be returned.</param>
    public static IEnumerable<T> Begin<T>(IEnumerable<T> source)
    {
        IEnumerator<T> items = source.GetEnumerator();
        return Continue(items, Task.Run(items.MoveNext));
    }

    private static IEnumerable<T> Continue<T>(IEnumerator<T> items, Task<bool> next)
    {
        using (items)
        {
            while (next.GetAwaiter().GetResult())
            {
                T item = items.Current;
                next = Task.Run(items.MoveNext);
                yield return item;
            }
        }
    }
}
