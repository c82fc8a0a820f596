namespace Ctc.Tests;

/// <summary>Text with a few corrupted bytes, to test the errors of readers.</summary>
internal static class DamagedText
{
    /// <summary>Makes one to four edits: a byte replaced, removed or inserted, or a piece repeated.</summary>
    /// <param name="text">Not changed, and not empty.</param>
    /// <param name="signs">Bytes with a meaning in the format; most new bytes are among these.</param>
    /// <param name="random">The random generator.</param>
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
