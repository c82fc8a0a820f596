using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ctc.Experiments.Tests.Data.Common;

/// <summary>Tells two data sets apart by any bit: ids, greys, targets, spans, in their order.</summary>
internal static class DatasetDigest
{
    public static string Of(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Utterance line in data.Train.Concat(data.Dev).Concat(data.Test))
        {
            hash.AppendData(MemoryMarshal.AsBytes(line.Id.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(line.ReadFeatures().AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(line.Target.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes<FrameSpan>([.. (line.Spans ?? []).Select(span => new FrameSpan((int)span.Start, (int)span.End))]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
