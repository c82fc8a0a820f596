namespace Ctc.Experiments.Data.Synthesis;

/// <summary>Timed phones and features as one array of numbers, so that the cache of features holds both and a sentence is spoken once.</summary>
/// <remarks>The number of phones; for each its start, its end, the length of its name and the UTF-16 units of the name; then the features.</remarks>
internal static class PhoneRecord
{
    /// <summary>Joins phones and features.</summary>
    public static float[] Format(IReadOnlyList<TimedPhone> phones, ReadOnlySpan<float> features) =>
    [
        phones.Count,
        .. phones.SelectMany(phone => phone.Name.Select(unit => (float)unit).Prepend(phone.Name.Length).Prepend((float)phone.End)
            .Prepend((float)phone.Start)),
        .. features,
    ];

    /// <summary>Parses the phones.</summary>
    /// <param name="record">What <see cref="Format"/> returned.</param>
    /// <returns>The phones, and the position of the first feature.</returns>
    public static (TimedPhone[] Phones, int Features) Parse(ReadOnlySpan<float> record)
    {
        var phones = new TimedPhone[(int)record[0]];
        int at = 1;
        foreach (ref TimedPhone phone in phones.AsSpan())
        {
            int length = (int)record[at + 2];
            char[] name = new char[length];
            for (int i = 0; i < length; i++) name[i] = (char)record[at + 3 + i];
            phone = new TimedPhone(new string(name), record[at], record[at + 1]);
            at += 3 + length;
        }

        return (phones, at);
    }
}
