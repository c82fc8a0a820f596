using Ctc.Experiments.Decoding;

namespace Ctc.Cli.Commands.Decode;

/// <summary>A form in which what is read is printed.</summary>
internal interface IDecodingOutput
{
    /// <summary>Prints what is read in one input.</summary>
    void Write(DecodedInput read);
}
