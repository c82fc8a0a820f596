using Ctc.Engine.Decoding.LanguageModels;

namespace Ctc.Engine.Tests.Decoding.LanguageModels;

public class KneserNeyTests
{
    [Test]
    public void A_bigram_of_four_sentences_is_that_computed_by_hand()
    {
        // Unigrams, by preceding units: a 1, b 2, c 1, end 2; discount 2/(2+2·2) = 1/3; 4·1/3 of 6 for 5 units, <unk> and the end among them.
        // Bigrams: <s>a 3, ab 2, b</s> 3, ac 1, c</s> 1, <s>b 1; discount 3/(3+2·1) = 3/5.
        NGramModel model = Model(2, "a b", "a b", "a c", "b");
        (double a, double b, double c, double end, double unknown) = (14 / 90.0, 29 / 90.0, 14 / 90.0, 29 / 90.0, 4 / 90.0);
        Assert.Multiple(() =>
        {
            Expect("a", "b", (1.4 / 3) + (0.4 * b)); // 2 of 3 after a, and 3/5 · 2/3 = 0.4 for the unigram
            Expect("a", "c", (0.4 / 3) + (0.4 * c));
            Expect("a", "a", 0.4 * a);
            Expect("a", "z", 0.4 * unknown);
            Expect("a", "</s>", 0.4 * end);
            Expect("b", "</s>", (2.4 / 3) + (0.2 * end)); // 3 of 3 after b, one unit: 3/5 · 1/3
            Expect("c", "b", 0.6 * b);
            Expect("<s>", "a", (2.4 / 4) + (0.3 * a)); // 3 of 4 after the start, two units: 3/5 · 2/4
            Expect("<s>", "b", (0.4 / 4) + (0.3 * b));
            Expect("z", "a", a);
        });

        void Expect(string before, string unit, double probability)
        {
            int state = model.Start;
            if (before != "<s>") _ = model.LogProbability(state, model.IndexOf(before), out state);
            double found = unit == "</s>" ? model.LogProbabilityOfEnd(state) : model.LogProbability(state, model.IndexOf(unit), out _);
            Assert.That(Math.Exp(found), Is.EqualTo(probability).Within(1e-12), $"{unit} after {before}");
        }
    }

    [Test]
    public void Counts_below_the_highest_order_are_those_of_preceding_units()
    {
        // "b" occurs three times, always after "a"; "c" twice, after "a" and "b". In the middle order of a trigram this counts as 1 and 2.
        NGramModel model = Model(3, "a b", "a b", "a b c", "a c");
        int afterUnknown = After(model, "z");
        Assert.That(Of(model, afterUnknown, "c"), Is.GreaterThan(Of(model, afterUnknown, "b") + 0.1));
    }

    [Test]
    public void Probabilities_add_up_to_1_in_every_state([Values(1, 2, 3, 5)] int order, [Values(0, 1, 2)] int seed)
    {
        var random = new Random(seed);
        string[] units = ["a", "b", "c", "d", "e"];
        var estimate = new KneserNey(order);
        for (int i = 0; i < 40; i++)
        {
            estimate.Add([.. Enumerable.Range(0, random.Next(6)).Select(_ => units[random.Next(1, 6) * random.Next(1, 6) / 6])]);
        }

        NGramModel model = estimate.Build();

        var seen = new HashSet<int>([model.Start]);
        var open = new Queue<int>(seen);
        while (open.TryDequeue(out int state))
        {
            double sum = Math.Exp(model.LogProbabilityOfEnd(state));
            foreach (string unit in units.Append("unknown"))
            {
                sum += Math.Exp(model.LogProbability(state, model.IndexOf(unit), out int next));
                if (seen.Add(next)) open.Enqueue(next);
            }

            Assert.That(sum, Is.EqualTo(1).Within(1e-12), $"state {state}");
        }

        Assert.That(seen, Has.Count.GreaterThan(order == 1 ? 0 : 5), "states");
    }

    [Test]
    public void What_is_written_reads_as_the_estimate()
    {
        NGramModel model = Model(3, "a b", "a b c", "c a", "");
        string written = ArpaFileTests.Written(model);
        NGramModel read = ArpaFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(written)), "lm");
        foreach (string before in (string[])["a", "b", "c", "z"])
        {
            foreach (string unit in (string[])["a", "b", "c", "z"])
            {
                Assert.That(Of(read, After(read, before), unit), Is.EqualTo(Of(model, After(model, before), unit)).Within(1e-9));
            }
        }
    }

    [Test]
    public void A_space_is_a_unit_with_a_name()
    {
        var estimate = new KneserNey(1);
        estimate.Add(["a", " ", "b"]);
        NGramModel model = estimate.Build();
        Assert.That(ArpaFileTests.Written(model), Does.Contain("\t<space>\n"));
        Assert.That(model.IndexOf(" "), Is.EqualTo(model.IndexOf("<space>")).And.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void The_estimate_of_the_documentation_knows_its_words()
    {
        var estimate = new KneserNey(order: 2);
        foreach (string sentence in (string[])["the cat", "the cat sat"]) estimate.Add(sentence.Split(' '));
        NGramModel model = estimate.Build();
        double log = model.LogProbability(model.Start, model.IndexOf("the"), out int state);
        Assert.That(Math.Exp(log), Is.GreaterThan(0.5));
        Assert.That(Of(model, state, "cat"), Is.GreaterThan(0.5));
    }

    [TestCase("<s>", "The text holds '<s>', which marks the start or the end of a sentence; expected other units.")]
    [TestCase("a b", "The text holds the unit 'a b'; expected units without spaces, tabs and line breaks.")]
    [TestCase("", "The text holds the unit ''; expected units without spaces, tabs and line breaks.")]
    public void A_unit_that_the_format_cannot_hold_is_refused(string unit, string message) =>
        Assert.That(() => new KneserNey(2).Add([unit]), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void No_text_is_refused() => Assert.That(
        () => new KneserNey(2).Build(),
        Throws.InvalidOperationException.With.Message.EqualTo("There is no text; expected at least one sentence."));

    private static NGramModel Model(int order, params string[] sentences)
    {
        var estimate = new KneserNey(order);
        foreach (string sentence in sentences) estimate.Add(sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return estimate.Build();
    }

    private static int After(NGramModel model, string unit)
    {
        _ = model.LogProbability(model.Start, model.IndexOf(unit), out int next);
        return next;
    }

    private static double Of(NGramModel model, int state, string unit) => Math.Exp(model.LogProbability(state, model.IndexOf(unit), out _));
}
