namespace Ctc.Experiments.Files;

/// <summary>Inputs of a list that are not valid. Either each is told at once and the others are read, or they are thrown together.</summary>
/// <param name="tell">Receives a sentence for each; null, the default, to collect them for <see cref="Throw"/>.</param>
public sealed class Refusals(Action<string>? tell = null)
{
    private const int MostNamed = 20;

    private readonly List<string> collected = [];

    /// <summary>Gets how many inputs were refused.</summary>
    public int Count { get; private set; }

    /// <summary>Gets whether as many are collected as one message names.</summary>
    public bool IsFull => collected.Count >= MostNamed;

    /// <summary>Refuses an input.</summary>
    /// <param name="sentence">Where it is, what was found and what was expected.</param>
    public void Add(string sentence)
    {
        Count++;
        if (tell is null) collected.Add(sentence);
        else tell(sentence);
    }

    /// <summary>Reads an input, and refuses it if it is not valid.</summary>
    /// <param name="read">Reads it. Another exception than <see cref="InvalidDataException"/> is passed on.</param>
    /// <returns>Whether it is valid.</returns>
    public bool Try(Action read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            read();
            return true;
        }
        catch (InvalidDataException wrong)
        {
            Add(wrong.Message);
            return false;
        }
    }

    /// <inheritdoc cref="Try(Action)"/>
    /// <returns>What was read; nothing if it is refused.</returns>
    public IReadOnlyList<T> Try<T>(Func<IReadOnlyList<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        IReadOnlyList<T> found = [];
        Try(() => { found = read(); });
        return found;
    }

    /// <inheritdoc cref="Try{T}(Func{IReadOnlyList{T}})"/>
    public IReadOnlyList<T> TryOne<T>(Func<T> read) => Try<T>(() => [read()]);

    /// <summary>Ends the list.</summary>
    /// <exception cref="InvalidDataException">Some were collected: a line for each of the first, and how many more there are.</exception>
    public void Throw()
    {
        if (collected.Count == 0) return;
        string[] named = [.. collected.Take(MostNamed)];
        string more = collected.Count > named.Length ? $"\n{collected.Count - named.Length} more are not valid; expected valid ones." : "";
        throw new InvalidDataException(string.Join('\n', named) + more);
    }
}
