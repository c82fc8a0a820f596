using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public sealed class PosteriorFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void Each_utterance_has_its_log_probabilities_and_the_same_command_the_same_bytes()
    {
        using (var recorder = new Recorder()) SmallExperiment.Run(folder.In("run"), recorder, "train.epochs=1");
        using TrainedModel model = TrainedModel.Load(folder.In("run"), SmallExperiment.Parts([]), Assert.Fail);
        IReadOnlyList<Utterance> utterances = model.LoadSet("train");
        string file = folder.In("train.safetensors"), again = folder.In("again.safetensors");
        PosteriorFile.Write(file, model, utterances);
        PosteriorFile.Write(again, model, utterances);
        Assert.That(File.ReadAllBytes(again), Is.EqualTo(File.ReadAllBytes(file)));

        byte[] bytes = File.ReadAllBytes(file);
        int header = (int)BitConverter.ToInt64(bytes), start = sizeof(long) + header;
        JsonObject tensors = JsonNode.Parse(bytes.AsSpan(sizeof(long), header))!.AsObject();
        JsonNode metadata = tensors["__metadata__"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(start % 8, Is.Zero);
            Assert.That(tensors.Select(entry => entry.Key).Skip(1), Is.EqualTo(utterances.Select(utterance => utterance.Id)));
            Assert.That((string?)metadata["run"], Is.EqualTo(RunFolder.LoadRecord(folder.In("run")).Identity));
            Assert.That(JsonNode.Parse((string)metadata["symbols"]!)!.AsArray(), Has.Count.EqualTo(11), "ten digits and the blank");
        }

        foreach (Utterance utterance in utterances)
        {
            JsonNode tensor = tensors[utterance.Id]!;
            int[] shape = Numbers(tensor["shape"]!), ends = Numbers(tensor["data_offsets"]!);
            ReadOnlySpan<float> numbers = MemoryMarshal.Cast<byte, float>(bytes.AsSpan((start + ends[0])..(start + ends[1])));
            Assert.That(shape, Is.EqualTo(new long[] { model.OutputFrames(utterance), 11 }));
            Assert.That(numbers.Length, Is.EqualTo(shape[0] * shape[1]));

            // Alone, without the padding of a batch.
            float[] alone = model.ReadLogProbs([utterance]).Single();
            Assert.That(numbers.ToArray(), Is.EqualTo(alone).Within(1e-5));
            for (int t = 0; t < shape[0]; t++)
            {
                Assert.That(numbers.Slice(t * 11, 11).ToArray().Sum(number => Math.Exp(number)), Is.EqualTo(1).Within(1e-5));
            }
        }
    }

    [Test]
    public void A_manifest_names_inputs_under_ids_of_its_own()
    {
        using (var recorder = new Recorder()) SmallExperiment.Run(folder.In("run"), recorder, "train.epochs=1");
        using TrainedModel model = TrainedModel.Load(folder.In("run"), SmallExperiment.Parts([]), Assert.Fail);
        File.WriteAllText(folder.In("lines.jsonl"), """{ "id": "mine", "image": "run/samples/test-0.png" }""");
        Utterance read = model.LoadManifest(folder.In("lines.jsonl"), Assert.Fail).Single();
        Assert.That((read.Id, read.Frames), Is.EqualTo(("mine", model.LoadSet("test")[0].Frames)));

        Assert.That(
            () => PosteriorFile.Write(folder.In("twice"), model, [read, read]),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("Two utterances are called 'mine'; expected ids of their own."));
        Assert.That(
            () => PosteriorFile.Write(folder.In("reserved"), model, [read.WithId("__metadata__")]),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "An utterance is called '__metadata__', which safetensors reserves; expected another id."));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "lines.jsonl" }));
    }

    private static int[] Numbers(JsonNode list) => [.. list.AsArray().Select(number => (int)number!)];
}
