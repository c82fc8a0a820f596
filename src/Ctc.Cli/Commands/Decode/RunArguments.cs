using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Decode;

/// <summary>The arguments of a command that reads the model of a run and nothing else about it: RUN, --trust and --any-build.</summary>
internal sealed class RunArguments
{
    public Argument<string> Run { get; } = ModelOptions.CreateRun();

    public Option<bool> Trust { get; } = ModelOptions.CreateTrust();

    public Option<bool> AnyBuild { get; } = ModelOptions.CreateAnyBuild();

    /// <summary>Loads the model, on one thread.</summary>
    public TrainedModel Load(ParseResult parsed, CommandServices services)
    {
        Libtorch.Require();
        torch.set_num_threads(1);
        return new DecodePlugins(parsed.GetRequiredValue(Run), [], parsed.GetValue(Trust)).Load(services, parsed.GetValue(AnyBuild));
    }
}
