using System.Text;

namespace Ctc.Experiments.Tests.Training;

/// <summary>A record of an event file, read by the letter of two formats: TFRecord's framing, and the wire format of protocol buffers.</summary>
internal sealed class EventRecord
{
    public double WallTime { get; private set; } // field 1 of Event

    public long Step { get; private set; } // field 2

    public string FileVersion { get; private set; } = ""; // field 3

    public Dictionary<string, float> Scalars { get; } = []; // field 5: Summary, whose field 1 are Values of tag (1) and simple_value (2)

    public static EventRecord[] Read(string path)
    {
        var records = new List<EventRecord>();
        using var reader = new BinaryReader(File.OpenRead(path));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] length = reader.ReadBytes(8);
            Assert.That(reader.ReadUInt32(), Is.EqualTo(Masked(length)));
            byte[] content = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.That(reader.ReadUInt32(), Is.EqualTo(Masked(content)));
            records.Add(Of(content));
        }

        return [.. records];
    }

    /// <summary>Bit by bit, by the reversed polynomial of Castagnoli.</summary>
    public static uint Crc32C(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }

    private static uint Masked(byte[] bytes)
    {
        uint crc = Crc32C(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static EventRecord Of(byte[] content)
    {
        var record = new EventRecord();
        foreach ((int field, byte[] value) in Fields(content))
        {
            if (field == 1) record.WallTime = BitConverter.ToDouble(value);
            if (field == 2) record.Step = BitConverter.ToInt64(value);
            if (field == 3) record.FileVersion = Encoding.UTF8.GetString(value);
            if (field != 5) continue;
            foreach ((_, byte[] scalar) in Fields(value))
            {
                Dictionary<int, byte[]> parts = Fields(scalar).ToDictionary(part => part.Field, part => part.Value);
                record.Scalars.Add(Encoding.UTF8.GetString(parts[1]), parts.TryGetValue(2, out byte[]? number) ? BitConverter.ToSingle(number) : 0);
            }
        }

        return record;
    }

    private static IEnumerable<(int Field, byte[] Value)> Fields(byte[] message)
    {
        int at = 0;
        while (at < message.Length)
        {
            long key = Varint();
            int length = (key & 7) switch { 1 => 8, 5 => 4, 2 => (int)Varint(), 0 => 0, _ => throw new InvalidDataException($"wire type {key & 7}") };
            byte[] value = (key & 7) == 0 ? BitConverter.GetBytes(Varint()) : message[at..(at + length)];
            at += length;
            yield return ((int)(key >> 3), value);
        }

        long Varint()
        {
            long number = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                number |= (long)(next & 0x7F) << shift;
                if (next < 0x80) return number;
            }
        }
    }
}
