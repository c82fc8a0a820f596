namespace Ctc.Tests;

/// <summary>Text with a few bytes gone wrong, to see whether a reader stays polite.</summary>
internal static class DamagedText
{
    /// <summary>One to four edits: another byte, one byte less, one more, a piece twice.</summary>
    /// <param name="text">Not changed, and not empty.</param>
    /// <param name="signs">Bytes that mean something to the reader; most new ones are of these.</param>
    /// <param name="random">Where chance comes from.</param>
    public static byte[] Of(byte[] text, ReadOnlySpan<byte> signs, Random random)
    {
        List<byte> bytes = [.. text];
        for (int edits = random.Next(1, 5); edits > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            byte other = random.Next(4) == 0 ? (byte)random.Next(256) : signs[random.Next(signs.Length)];
            switch (random.Next(4))
            {
                case 0: bytes[at] = other; break;
                case 1 when bytes.Count > 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, other); break;
                default: bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, random.Next(Math.Min(20, bytes.Count - at)))); break;
            }
        }

        return [.. bytes];
    }
}
