using Ctc.Experiments.Encoders;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

[NonParallelizable] // The weights come from the global generator.
public class StartingWeightsTests
{
    private const int F = 3;

    private static readonly TokenNames Old = new(["␣", "a", "b", "c"], 0), Cut = new(["␣", "c"], 0);
    private static readonly TokenNames Enlarged = new(["␣", "x", "c", "a", "b", "y"], 0);

    private static IEnumerable<TestCaseData> Encoders =>
    [
        new TestCaseData(new Conv(new ConvOptions { Hidden = 4, Layers = 2 })).SetArgDisplayNames("conv"),
        new TestCaseData(new Bilstm(new BilstmOptions { Hidden = 4, Filters = 4, Layers = 2, Middle = 1, SelfConditioning = true }))
            .SetArgDisplayNames("bilstm, whose self-conditioning counts tokens too"),
    ];

    [TestCaseSource(nameof(Encoders))]
    public void The_logits_of_the_tokens_in_common_are_those_of_the_trained_model(IEncoder encoder)
    {
        using var scope = torch.NewDisposeScope();
        foreach (TokenNames wanted in new[] { Old, Enlarged, Cut })
        {
            using Encoder trained = Build(encoder, Old.Count, seed: 1), network = Build(encoder, wanted.Count, seed: 2);
            WeightOrigin origin = Start(trained).CopyInto(network, F, wanted, tokens => encoder.Build(F, tokens));
            (long[] from, long[] to) = Old.Match(wanted);
            Assert.That(
                (origin.Tokens, origin.New, origin.LeftOut, origin.Weights),
                Is.EqualTo((to.Length, wanted.Except(to), Old.Except(from), network.state_dict().Count)));
            foreach (string name in network.state_dict().Keys)
            {
                bool countsTokens = name is "conditioning.weight" or "output.weight" or "output.bias";
                Tensor Of(Encoder model, long[] tokens)
                {
                    Tensor weight = model.state_dict()[name];
                    return countsTokens ? weight.index_select(name is "conditioning.weight" ? 1 : 0, torch.tensor(tokens)) : weight;
                }

                Assert.That(Of(network, to).equal(Of(trained, from)).all().item<bool>(), Is.True, name);
            }
        }
    }

    [Test]
    public void New_tokens_keep_their_new_weights()
    {
        using var scope = torch.NewDisposeScope();
        var encoder = new Conv(new ConvOptions { Hidden = 4, Layers = 1 });
        using Encoder trained = Build(encoder, Old.Count, seed: 1), network = Build(encoder, Enlarged.Count, seed: 2);
        using Encoder untouched = Build(encoder, Enlarged.Count, seed: 2);
        Start(trained).CopyInto(network, F, Enlarged, tokens => encoder.Build(F, tokens));
        foreach (int token in new[] { 1, 5 })
        {
            Assert.That(
                network.state_dict()["output.weight"][token].equal(untouched.state_dict()["output.weight"][token]).all().item<bool>(), Is.True);
        }
    }

    [Test]
    public void Another_architecture_is_a_sentence()
    {
        using var scope = torch.NewDisposeScope();
        Conv conv = new(new ConvOptions { Hidden = 4, Layers = 2 }), wider = new(new ConvOptions { Hidden = 5, Layers = 2 });
        using Encoder trained = Build(conv, Old.Count, seed: 1), network = Build(wider, Old.Count, seed: 2);
        Assert.That(
            () => Start(trained).CopyInto(network, F, Old, tokens => wider.Build(F, tokens)),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("The weights to start from, old.ckpt, do not fit: ")
                .And.Message.EndsWith("; expected weights of the encoder of this experiment, with the same options."));
        Assert.That(
            () => Start(trained).CopyInto(network, 7, Old, tokens => wider.Build(7, tokens)),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The weights to start from, old.ckpt, do not fit: its frames have 3 numbers; expected 7, as the data have (data.height of images)."));
    }

    [Test]
    public void The_line_names_a_few_symbols()
    {
        string[] letters = [.. Enumerable.Range('a', 12).Select(letter => $"{(char)letter}")];
        Assert.That(
            new WeightOrigin("runs/x/checkpoints/best.ckpt", 14, 5, letters, []).Describe(),
            Is.EqualTo(
                "Starts from runs/x/checkpoints/best.ckpt: 14 weights, of 5 tokens by symbol; new: a b c d e f g h and 4 more, left out: none."));
    }

    private static StartingWeights Start(Encoder trained) => new("old.ckpt", F, Old, network =>
    {
        using var bytes = new MemoryStream();
        trained.save(bytes);
        network.load(new MemoryStream(bytes.ToArray()));
    });

    private static Encoder Build(IEncoder encoder, int tokens, long seed)
    {
        torch.random.manual_seed(seed);
        return encoder.Build(F, tokens);
    }
}
