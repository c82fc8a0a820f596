using System.Text;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Tests.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Tests;

namespace Ctc.Configuration.Tests.Binding;

public class MutationTests
{
    private const string Valid = """
        # every construct once
        name: focal-on-long-tail
        seed: 1
        data: { source: lines, train: lines.csv }
        model:
          encoder: conv
          channels: [4, 5]
        objective:
          topology: { star: { penalty: -0.5 } }
          targets: &soft
            - label-smoothing:
                epsilon: { linear: { from: 0, to: 1e-2, until: 5 epochs } }
          weighting: [ length, { focal: { gamma: 2 } } ]
          auxiliary:
            - everything: { text: "a \u00e4 'b'", no-text: 'it''s', truth: true, numbers: [1, .5], inner: { epsilon: 0.5 } }
            - checked:
                words: [ok]
                title: |
                  several
                  lines
        train:
          { epochs: 3, optimizer: { rmsprop: { momentum: 0.9 } }, schedule: { steps: { values: [1, 0.5], starts: [2 epochs] } },
            warm-up: 5 steps, patience: none }
        sweep: { variants: { a: { objective: { targets: *soft } } } }
        """;

    [Test]
    [Category("Slow")]
    public void A_damaged_file_is_an_experiment_or_a_sentence() => Mutate(2_000, seed: 1);

    [Test]
    [Explicit]
    [Category("Long")]
    public void A_damaged_file_is_an_experiment_or_a_sentence_many_times() => Mutate(20_000, seed: 2);

    [Test]
    [Category("Slow")]
    public void A_damaged_override_is_an_experiment_or_a_sentence()
    {
        using ExperimentText file = new();
        string[] overrides =
        [
            "objective.weighting.focal.gamma=1",
            "train={ epochs: 3 }",
            "objective.targets=[]",
            "sweep.variants.a={ b: [1] }",
            "data.train=lines.csv",
        ];
        Random random = new(3);
        for (int i = 0; i < 2_000; i++)
        {
            string damaged = Encoding.UTF8.GetString(Damage(Encoding.UTF8.GetBytes(overrides[i % overrides.Length]), random));
            Check(() => file.Bind(Valid, damaged), damaged);
        }
    }

    private static void Mutate(int count, int seed)
    {
        using ExperimentText file = new();
        string path = file.Write("x.yaml", Valid);
        Assert.DoesNotThrow(() => ExperimentFile.Open(path, []).Bind(FakeParts.Catalog));

        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = Damage(Encoding.UTF8.GetBytes(Valid), random);
            File.WriteAllBytes(path, damaged);
            Check(() => ExperimentFile.Open(path, []).Bind(FakeParts.Catalog).ToYaml(), Encoding.UTF8.GetString(damaged));
        }
    }

    private static void Check(Action bind, string text)
    {
        try
        {
            bind();
        }
        catch (ConfigurationException refusal)
        {
            Assert.That(refusal.Message, Does.Not.Contain("\n"));
        }
        catch (Exception other)
        {
            Assert.Fail($"{other}\n{text}");
        }
    }

    private static byte[] Damage(byte[] text, Random random) => DamagedText.Of(text, "{}[],:-#&*!|>'\"%@`?~\n\t \\0.9ea<="u8, random);
}
