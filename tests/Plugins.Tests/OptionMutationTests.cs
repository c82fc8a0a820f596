using System.Text;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Corrupted options are either valid or rejected with a message; valid options work or fail with a message.</summary>
public class OptionMutationTests
{
    [Test]
    [Category("Slow")]
    public void Damaged_options_are_options_or_a_sentence() => Mutate(2_000, seed: 1);

    [Test]
    [Explicit]
    [Category("Long")]
    public void Damaged_options_are_options_or_a_sentence_many_times() => Mutate(20_000, seed: 2);

    private static void Mutate(int count, int seed)
    {
        var random = new Random(seed);
        int good = 0;
        for (int i = 0; i < count; i++)
        {
            PartFactory part = DiscoveredPart.All[i % DiscoveredPart.All.Count];
            string whole = PartOptions.Write(Activator.CreateInstance(part.Metadata.Options)!).Replace(",", ",\n", StringComparison.Ordinal);
            string damaged = Encoding.UTF8.GetString(DamagedText.Of(Encoding.UTF8.GetBytes(whole), "{}[],:-#&*!|>'\"%@`?~\n\t \\0.9ea<="u8, random));
            try
            {
                Evaluate(part, PartOptions.Parse(part, damaged, "options.yaml", "."));
                good++;
            }
            catch (Exception refusal) when (refusal is ConfigurationException or ArgumentException)
            {
                Assert.That(refusal.Message, Does.Not.Contain("\n"));
            }
        }

        Assert.That(good, Is.InRange(count / 50, count - (count / 5)), "the damage is neither nothing nor everything");
    }

    private static void Evaluate(PartFactory part, object options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(AllPartsTests.With(part.CreatePart(options)));
        Tensor loss = objective.Evaluate(torch.randn([4, 2, 3], torch.float64, generator: new torch.Generator(1)),
            new Batch([[1, 2], []], [4, 3], tokens: 3)).Loss;
        Assert.That(loss.ToDouble(), Is.Not.NaN);
    }
}
