using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Processes;
using Ctc.Experiments.Decoding;

namespace Ctc.Cli.Commands.Decode;

/// <summary>The options of commands that read outputs of another program.</summary>
internal sealed class EmissionOptions
{
    public Option<string?> Tokens { get; } = new("--tokens")
    {
        Description = "The tokens of another program: the inputs are .npy or .npz files of its output, [frames, tokens].", HelpName = "FILE",
    };

    public Option<string?> Blank { get; } = new("--blank")
    {
        Description = "The token of the blank, or its number; by default <blk> or <blank> and their like, else number 0.", HelpName = "TOKEN",
    };

    public Option<bool> Probabilities { get; } = new("--probabilities")
    {
        Description = "The numbers of emissions are probabilities, and not logits or log-probabilities.",
    };

    /// <summary>Refuses options of emissions without emissions.</summary>
    public void Check(CommandResult given)
    {
        if (given.GetValue(Tokens) is not null || (given.GetValue(Blank) is null && !given.GetValue(Probabilities))) return;
        given.AddError("--blank and --probabilities describe emissions; expected --tokens with them.");
    }

    /// <summary>Loads the tokens.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="file">The value of --tokens.</param>
    public TokenList Load(ParseResult parsed, string file) => TokenList.Load(StartFolder.Resolve(file), parsed.GetValue(Blank));
}
