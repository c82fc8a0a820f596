using System.Text.Json.Serialization;

namespace Ctc.Cli.Commands.Loss;

/// <summary>The order of the axes in a request and its answer.</summary>
internal enum TensorLayout
{
    /// <summary>Frames, utterances, tokens.</summary>
    [JsonStringEnumMemberName("TBV")]
    TimeMajor,

    /// <summary>Utterances, frames, tokens.</summary>
    [JsonStringEnumMemberName("BTV")]
    BatchMajor,
}
