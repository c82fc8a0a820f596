namespace Ctc.Experiments.Data.Manifest;

/// <summary>Collects the mistakes of one line, so that one message names all of them.</summary>
internal sealed class Mistakes
{
    private readonly List<string> sentences = [];

    public void Add(string sentence) => sentences.Add(sentence);

    /// <summary>Evaluates a piece of the line; a mistake in it is collected.</summary>
    /// <returns>The value; the default of its type if there is a mistake.</returns>
    public T? Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException wrong)
        {
            Add(wrong.Message);
            return default;
        }
    }

    /// <summary>Ends the line: refuses it if there were mistakes.</summary>
    public void Throw()
    {
        if (sentences.Count > 0) throw new InvalidDataException(string.Join(" Also: ", sentences.Select(WithStop)));
    }

    private static string WithStop(string sentence) => sentence.EndsWith('?') || sentence.EndsWith('.') ? sentence : sentence + ".";
}
