using System.Runtime.InteropServices;
using System.Text;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public sealed class DistillationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // One frame, teacher (3/4, 1/4) and model (1/2, 1/2): KL = 3/4 ln 3/2 + 1/4 ln 1/2. The second utterance is shorter and agrees.
    [Test]
    public void The_term_is_the_divergence_from_the_teacher_of_the_same_name()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        string file = Write(("b", [[0, 0]]), ("a", [[(float)Math.Log(3), 0], [0, 0]]));
        Tensor logits = torch.zeros([2, 2, 2], torch.float64);
        logits[1, 1] = torch.tensor(double.NaN); // padding
        var batch = new Batch([[1], []], [2, 1], tokens: 2) { Ids = ["a", "b"] };
        double divergence = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        Assert.That(Term(file, logits, batch).data<double>().ToArray(), Is.EqualTo(new[] { 0.5 * divergence, 0 }).Within(1e-7));
    }

    [Test]
    public void Both_models_are_softened_by_the_temperature_and_the_term_is_scaled_by_its_square([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        (string file, double[][][] teacher) = Teacher(random, seed);
        Tensor found = Term(file, random.Logits, random.Batch, "weight: 0.5, temperature: 3");
        for (int b = 0; b < random.Batch.Size; b++)
        {
            if (found[b].ToDouble() == 0) continue; // infeasible
            double[,] rows = RandomCase.Rows(random.Logits, b, random.Batch.Frames[b]);
            double expected = 0;
            for (int t = 0; t < random.Batch.Frames[b]; t++)
            {
                double[] wanted = Softmax(teacher[b][t], 3), given = Softmax([.. Enumerable.Range(0, wanted.Length).Select(v => rows[t, v])], 3);
                expected += 0.5 * 9 * wanted.Zip(given, (q, p) => q * Math.Log(q / p)).Sum();
            }

            Assert.That(found[b].ToDouble(), Is.EqualTo(expected).Within(1e-9));
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        (string file, _) = Teacher(random, seed);
        Gradients.AssertTrue(Parts(file, "weight: 2, temperature: 1.5"), random);
    }

    [Test]
    public void An_utterance_that_the_teacher_did_not_read_is_named() => Refuses(
        [("a", [[0f, 0]])], "b", "has no posteriors of utterance b; expected those of every training utterance.");

    [Test]
    public void Other_frames_and_tokens_are_named() => Refuses(
        [("a", [[0f, 0, 0], [0, 0, 0]])],
        "a",
        "has posteriors of 2 frames and 3 tokens of utterance a; expected 1 frames and 2 tokens, as the model gives them.");

    [TestCase("", "is no file of posteriors (Unable to read beyond the end of the stream.); expected one that ctc posteriors wrote.")]
    [TestCase("no such file at all", "is no file of posteriors (")]
    [TestCase("\u0002\0\0\0\0\0\0\0[]", "is no file of posteriors (")]
    public void A_file_of_another_kind_is_refused(string text, string sentence)
    {
        string file = folder.In("damaged.safetensors");
        File.WriteAllText(file, text);
        Assert.That(() => Evaluate(file, "a"), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{file} {sentence}"));
    }

    [Test]
    public void A_file_that_was_cut_is_refused()
    {
        string file = Write(("a", [[0, 0]]));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Assert.That(() => Evaluate(file, "a"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("its tensor a is none of [N, V] F32"));
    }

    private void Refuses((string Id, float[][] Rows)[] teacher, string id, string sentence)
    {
        string file = Write(teacher);
        Assert.That(() => Evaluate(file, id), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{file} {sentence}"));
    }

    private static void Evaluate(string file, string id)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective taught = new(Parts(file, ""));
        taught.Evaluate(torch.zeros([1, 1, 2], torch.float64), new Batch([[1]], [1], tokens: 2) { Ids = [id] });
    }

    private static Tensor Term(string file, Tensor logits, Batch batch, string options = "weight: 0.5")
    {
        using Objective taught = new(Parts(file, options), Reduction.None, InfeasiblePolicy.Zero);
        using Objective plain = new(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        return taught.Evaluate(logits, batch).Loss - plain.Evaluate(logits, batch).Loss;
    }

    private static ObjectiveParts Parts(string file, string options)
    {
        string text = options.Length == 0 ? $"teacher: {file}" : $"teacher: {file}, {options}";
        return new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("distillation", text)] };
    }

    private (string File, double[][][] LogProbs) Teacher(RandomCase random, int seed)
    {
        var numbers = new Random(seed);
        float[][][] rows = [.. random.Batch.Frames.Select(frames => Enumerable.Range(0, (int)frames).Select(_ =>
            Enumerable.Range(0, (int)random.Batch.Tokens).Select(_ => (float)(numbers.NextDouble() * 4)).ToArray()).ToArray())];
        string file = Write([.. rows.Select((utterance, b) => (random.Batch.Ids[b], utterance))], random.Batch.Tokens);
        return (file, [.. rows.Select(utterance => utterance.Select(row => row.Select(number => (double)number).ToArray()).ToArray())]);
    }

    private string Write(params (string Id, float[][] Rows)[] utterances) => Write(utterances, utterances[0].Rows[0].Length);

    // By the definition of the format, without code of the project.
    private string Write((string Id, float[][] Rows)[] utterances, long tokens)
    {
        var entries = new List<string> { "\"__metadata__\":{\"run\":\"none\"}" };
        var numbers = new List<float>();
        foreach ((string id, float[][] rows) in utterances)
        {
            int start = numbers.Count * 4;
            numbers.AddRange(rows.SelectMany(row => row));
            entries.Add($"\"{id}\":{{\"dtype\":\"F32\",\"shape\":[{rows.Length},{tokens}],\"data_offsets\":[{start},{numbers.Count * 4}]}}");
        }

        byte[] header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        string file = folder.In("teacher.safetensors");
        File.WriteAllBytes(
            file, [.. BitConverter.GetBytes((long)header.Length), .. header, .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers))]);
        return file;
    }

    private static double[] Softmax(double[] logits, double temperature)
    {
        double[] shares = [.. logits.Select(logit => Math.Exp(logit / temperature))];
        return [.. shares.Select(share => share / shares.Sum())];
    }
}
