using System.Text.Json.Nodes;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

[Category("Slow")]
public class RunTests
{
    [Test]
    public void Trains_evaluates_and_says_where_everything_is()
    {
        using var folder = new TemporaryFolder();
        CommandOutput run = CtcCommand.Run("run", "configs/smoke.yaml", "--output", folder.In("run"));
        CommandOutput again = CtcInProcess.Run("run", "configs/smoke.yaml", "--output", folder.In("run"));
        string[] samples = [.. Directory.GetFiles(folder.In("run", "samples")).Order()];
        CommandOutput decoded = CtcCommand.Run(["decode", folder.In("run"), .. samples]);

        File.WriteAllText(folder.In("run", "samples", "labels.txt"), "no image");
        CommandOutput whole = CtcInProcess.Run("decode", folder.In("run"), folder.In("run", "samples"));

        CommandOutput posteriors = CtcInProcess.Run("posteriors", folder.In("run"), "--set", "test", "--output", folder.In("new", "test.safetensors"));
        CommandOutput taught = CtcInProcess.Run("posteriors", folder.In("run"), "--set", "train", "--output", folder.In("teacher"));
        CommandOutput exported = CtcInProcess.Run("export", folder.In("run"), folder.In("new", "weights.safetensors"));
        CommandOutput misnamed = CtcInProcess.Run("export", folder.In("run"), folder.In("weights.bin"));
        CommandOutput student = CtcInProcess.Run(
            "run", "configs/smoke.yaml", "train.epochs=1", $"objective.auxiliary=[{{distillation: {{teacher: '{folder.In("teacher")}'}}}}]",
            "objective.emissions=[{blank-penalty: {lambda: {steps: {values: [0, 20], starts: [1 epochs]}}}}]", "--output", folder.In("student"));
        CommandOutput own = CtcInProcess.Run("decode", folder.In("student"), samples[0], "--ctm", "token", "--frame-ms", "1000");
        CommandOutput penalised = CtcInProcess.Run("decode", folder.In("student"), samples[0], "--ctm", "token", "--frame-ms", "1000", "--emissions");
        CommandOutput unread = CtcInProcess.Run("evaluate", folder.In("student"), "--set", "test", "--json");
        CommandOutput reread = CtcInProcess.Run("evaluate", folder.In("student"), "--set", "test", "--json", "--emissions");
        File.WriteAllText(folder.In("manifest.jsonl"), $"{{\"image\": \"{samples[1]}\", \"id\": \"second\"}}\n");
        CommandOutput listed = CtcInProcess.Run("decode", folder.In("run"), samples[0], "--manifest", folder.In("manifest.jsonl"));

        CommandOutput evaluated = CtcInProcess.Run("evaluate", folder.In("run"), "--set", "test", "--worst", "2");
        File.WriteAllText(folder.In("texts.jsonl"), $"{{\"image\": \"{samples[1]}\", \"text\": \"0\"}}\n");
        CommandOutput numbers = CtcInProcess.Run("evaluate", folder.In("run"), folder.In("texts.jsonl"), "--json");
        File.WriteAllText(folder.In("none.png"), "no image");
        File.AppendAllText(folder.In("texts.jsonl"), "{\"image\": \"none.png\", \"text\": \"0\"}\n");
        CommandOutput mixed = CtcInProcess.Run("align", folder.In("run"), "--manifest", folder.In("texts.jsonl"));

        File.WriteAllText(folder.In("tokens"), string.Join('\n', "-0123456789".Select(symbol => symbol)));
        File.WriteAllBytes(folder.In("test.npy"), FirstEmissions(folder.In("new", "test.safetensors")));
        CommandOutput foreign = CtcInProcess.Run("decode", "--tokens", folder.In("tokens"), folder.In("test.npy"));

        CommandOutput estimated = CtcInProcess.Run(
            "lm", "build", folder.In("run"), "--unit", "token", "--order", "2", "--output", folder.In("lm.arpa.gz"));
        File.WriteAllText(
            folder.In("beam.yaml"), "decoder: { prefix-beam: { width: 4 } }\nlanguage-model: { arpa: { file: lm.arpa.gz, unit: token } }\n");
        CommandOutput plain = CtcInProcess.Run("tune", folder.In("run"), "--output", folder.In("tuned.yaml"));
        CommandOutput tuned = CtcInProcess.Run("tune", folder.In("run"), "--decoding", folder.In("beam.yaml"), "--output", folder.In("tuned.yaml"));
        CommandOutput transformed = CtcInProcess.Run(
            "tune", folder.In("student"), "--emissions", "--decoding", folder.In("beam.yaml"), "--output", folder.In("transformed.yaml"));
        CommandOutput searched = CtcInProcess.Run(["decode", folder.In("run"), "--decoding", folder.In("tuned.yaml"), "--nbest", "2", .. samples]);

        JsonNode evaluation = JsonNode.Parse(File.ReadAllText(folder.In("run", "evaluation.json")))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
            Assert.That(
                run.Output,
                Does.Match(@"epoch   4  train +\d+\.\d{4}  dev +\d+\.\d{4}  errors +\d+\.\d\d %").And.Match(
                    @"Test: token error rate \d+\.\d\d %, exact match .* on 20 utterances"));
            Assert.That(run.Output, Does.Contain("Run folder: ").And.Contain("there       read"));
            Assert.That(run.Output, Does.Not.Contain("\u001b"), "control codes");
            Assert.That(again.Output, Does.Contain("Already done; --fresh trains again."));
            Assert.That(decoded.ExitCode, Is.Zero);
            Assert.That((whole.ExitCode, whole.Output, whole.Error), Is.EqualTo((0, decoded.Output, "")), "a folder stands for its images");
            Assert.That((posteriors.ExitCode, posteriors.Error), Is.EqualTo((0, "")));
            Assert.That(posteriors.Output, Does.EndWith("test.safetensors: 20 utterances\n"));
            Assert.That((exported.ExitCode, exported.Error), Is.EqualTo((0, "")));
            Assert.That(exported.Output, Does.Match(@"new/weights\.safetensors: the weights of run [0-9a-f]{12}\n$"));
            Assert.That(
                (misnamed.ExitCode, misnamed.Error),
                Is.EqualTo((2, $"ctc: the file to write is '{folder.In("weights.bin")}'; expected a name that ends in .safetensors.\n")));
            string first = string.Concat(evaluation["utterances"]![0]!["hypothesis"]!.AsArray());
            Assert.That(foreign.Output, Is.EqualTo($"{folder.In("test.npy")}\t{first}\n"), "the output of the model as a file of NumPy");
            Assert.That((evaluated.ExitCode, evaluated.Error, numbers.ExitCode, numbers.Error), Is.EqualTo((0, "", 0, "")));
            Assert.That(evaluated.Output, Does.Match(
                @"^20 utterances: exact match rate [\d.]+ %, loss [\d.]+\n\n +errors +rate +substituted +deleted +inserted +of\n  tokens +\d"));
            Assert.That(evaluated.Output, Does.Contain($"  {(int)evaluation["character_errors"]!["errors"]!}  "));
            Assert.That(evaluated.Output.Split('\n').Count(line => line.StartsWith("  there  ", StringComparison.Ordinal)), Is.EqualTo(2));
            Assert.That(
                (string?)JsonNode.Parse(numbers.Output)!["utterances"]![0]!["hypothesis_text"],
                Is.EqualTo(Read(evaluation, samples[1])));
            Assert.That((estimated.ExitCode, estimated.Error), Is.EqualTo((0, "")));
            Assert.That(estimated.Output, Does.Match(@"lm\.arpa\.gz: 80 sentences, \d+ units; 13 1-grams, \d+ 2-grams\n$"));
            Assert.That(plain.Error, Is.EqualTo("ctc: The decoder is best-path, which has no weight of a language model; expected prefix-beam.\n"));
            Assert.That((tuned.ExitCode, tuned.Error), Is.EqualTo((0, "")));
            Assert.That(
                tuned.Output,
                Does.Match(@"yaml: language-weight [\d.]+, insertion-bonus -?[\d.]+: token error rate [\d.]+ % on 10 utterances of dev; without"));
            Assert.That((transformed.ExitCode, transformed.Error), Is.EqualTo((0, "")));
            Assert.That(transformed.Output, Does.Contain("token error rate").And.EndsWith("%; with --emissions\n"));
            Assert.That(transformed.Output, Does.Not.Contain("without the language model 100.00 %"), "with the penalty it reads more than blanks");
            Assert.That((searched.ExitCode, searched.Error), Is.EqualTo((0, "")));
            Assert.That(searched.Output.Split('\n')[1], Does.Match($@"^{samples[0]}\t2\t-?\d+\.\d{{4}}\t\d*$"));
            Assert.That((own.ExitCode, own.Error), Is.EqualTo((0, "")));
            Assert.That(own.Output, Is.Empty, "blanks alone, as after few steps");
            Assert.That((TokensRead(unread), TokensRead(reread) > 0), Is.EqualTo((0, true)), "evaluated without and with the penalty");
            Assert.That(penalised.Output, Does.Match($@"^{samples[0]} 1 \d+\.000 \d+\.000 \d\n"), "with the penalty after training");
            Assert.That((mixed.ExitCode, mixed.Output.Split('\n').Length), Is.EqualTo((2, 2)), mixed.Error);
            Assert.That(mixed.Error, Does.StartWith($"ctc: {folder.In("texts.jsonl")}:2: ").And.EndsWith("\nctc: 1 input is left out, 1 aligned.\n"));
            string[] lines = decoded.Output.Split('\n');
            Assert.That(
                (listed.Output, listed.Error), Is.EqualTo(($"{lines[0]}\nsecond\t{lines[1].Split('\t')[1]}\n", "")), "inputs of a manifest");
            Assert.That((taught.ExitCode, student.ExitCode, student.Error), Is.EqualTo((0, 0, "")), "distillation from the run");
            Assert.That(
                decoded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Is.EqualTo(samples.Select(file => $"{file}\t{Read(evaluation, file)}")));
        }
    }

    [Test]
    [Category("Slow")]
    public void Align_prints_the_frames_of_tokens_and_the_pronunciations_of_words()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("lexicon.txt"), "0123456789".SelectMany(digit => new[] { $"{digit} 0.75 {digit}", $"{digit} 0.25 x {digit}" }));
        CommandOutput run = CtcInProcess.Run(
            "run", "configs/smoke.yaml", "train.epochs=1", $"objective={{topology: {{lexicon: {{file: '{folder.In("lexicon.txt")}', separator: ~}}}}}}",
            "--output", folder.In("run"));
        CommandOutput aligned = CtcInProcess.Run("align", folder.In("run"), "--set", "test");
        CommandOutput fitted = CtcInProcess.Run("align", folder.In("run"), "--set", "dev", "--calibrate", folder.In("new", "c.json"));
        CommandOutput calibrated = CtcInProcess.Run(
            "align", folder.In("run"), "--set", "test", "--calibration", folder.In("new", "c.json"), "--edges", "first", "--format", "ctm",
            "--frame-ms", "40");
        JsonNode[] lines = [.. aligned.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((run.ExitCode, run.Error, aligned.ExitCode), Is.EqualTo((0, "", 0)));
            Assert.That(aligned.Error, Does.StartWith("ctc: 84 edges with a known truth: error "));
            Assert.That(lines, Has.Length.EqualTo(20));
            Assert.That((fitted.ExitCode, fitted.Error, calibrated.ExitCode), Is.EqualTo((0, "", 0)));
            Assert.That(fitted.Output, Does.Contain(": fitted to 10 utterances of dev; right is what has both edges within 2 input frames.\n"));
            Assert.That(fitted.Output, Does.Match(@"\n\d+ tokens, \d+\.\d % right\. ").And.Match(@"\n\d+ words, "));
            Assert.That(fitted.Output, Does.Contain("\nExpected calibration error: 0.").And.Contain("calibrated, on utterances to which it was not"));
            Assert.That(calibrated.Output, Does.Match(@"^\S+ 1 \d+\.\d{3} \d+\.\d{3} \d [01]\.\d{4}\n"));
            Assert.That(calibrated.Error, Does.Contain(
                "c.json was fitted to other alignments than these, with edges frames, not first, and frames of unknown duration, not of 40 ms: "
                + "its confidences may be wrong.\n"));
            Assert.That(
                calibrated.Error, Does.Match(@"c\.json gives 42 tokens with a known truth a mean confidence of 0\.\d{3}; .*calibration error 0\."));
            Assert.That(lines.Sum(line => line["boundary_errors"]!.AsArray().Count), Is.EqualTo(84));
            foreach (JsonNode line in lines)
            {
                string target = string.Concat(line["tokens"]!.AsArray().Select(token => (string?)token!["symbol"]));
                Assert.That(string.Concat(line["words"]!.AsArray().Select(word => (string?)word!["word"])), Is.EqualTo(target).And.Not.Empty);
                Assert.That(line["words"]!.AsArray().Select(word => (string?)word!["symbols"]!.AsArray()[^1]), Is.EqualTo(target.Select(digit => $"{digit}")));
                int[] bounds = [.. line["words"]!.AsArray().SelectMany(word => new[] { (int)word!["start"]!, (int)word["end"]! })];
                Assert.That(bounds, Is.Ordered.And.All.LessThanOrEqualTo((int)line["frames"]!));
            }
        }
    }

    // The log-probabilities of the first utterance.
    private static int TokensRead(CommandOutput evaluated) =>
        JsonNode.Parse(evaluated.Output)!["utterances"]!.AsArray().Sum(utterance => utterance!["hypothesis"]!.AsArray().Count);

    private static byte[] FirstEmissions(string safetensors)
    {
        byte[] bytes = File.ReadAllBytes(safetensors);
        int start = 8 + (int)BitConverter.ToInt64(bytes);
        JsonNode tensor = JsonNode.Parse(bytes.AsSpan(8, start - 8))!.AsObject().First(entry => entry.Key != "__metadata__").Value!;
        long[] shape = [.. tensor["shape"]!.AsArray().Select(length => length!.GetValue<long>())];
        int end = start + tensor["data_offsets"]![1]!.GetValue<int>();
        return NumpyBytes.Of("<f4", shape, bytes[start..end]);
    }

    [Test]
    public void NNPACK_prints_no_warning_on_a_CPU_that_it_does_not_support()
    {
        using var folder = new TemporaryFolder();
        CommandOutput run = CtcCommand.Run("run", "configs/smoke.yaml", "train.epochs=1", "train.batch-size=16", "--output", folder.In("run"));

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Does.Not.Contain("NNPACK")); // libtorch considers NNPACK for convolutions of 16 utterances or more
    }

    // Reduced: one kill. The category Long does it at ten moments.
    [Test]
    public void A_killed_run_started_again_ends_like_one_that_was_not() => KillAndCompare(kills: 1, epochs: 20);

    [Test, Category("Long"), Explicit("minutes")]
    public void Ten_kills_change_nothing() => KillAndCompare(kills: 10, epochs: 150);

    [Test]
    public void A_request_to_end_is_heard_between_two_steps_and_loses_nothing()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There are no such signals here.");
        using var folder = new TemporaryFolder();
        using var process =
            CtcCommand.Start(new Dictionary<string, string>(), "run", "configs/smoke.yaml", "train.epochs=200", "--output", folder.In("run"));
        Wait(() => File.Exists(folder.In("run", "checkpoints", "last.ckpt")));
        OtherProcess.RequestEnd(process.Id);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(error, Is.EqualTo("ctc: interrupted; the same command resumes after the last finished epoch.\n"));
    }

    [Test]
    public void A_second_process_on_the_same_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var process =
            CtcCommand.Start(new Dictionary<string, string>(), "run", "configs/smoke.yaml", "train.epochs=200", "--output", folder.In("run"));
        Wait(() => File.Exists(folder.In("run", "checkpoints", "last.ckpt")));
        CommandOutput second = CtcInProcess.Run("run", "configs/smoke.yaml", "train.epochs=200", "--output", folder.In("run"));
        process.Kill();
        process.WaitForExit();

        Assert.That(
            (second.ExitCode, second.Error), Is.EqualTo((2, $"ctc: {folder.In("run")} is held by another process; expected it to have ended.\n")));
    }

    private static void KillAndCompare(int kills, int epochs)
    {
        string[] command = ["run", "configs/smoke.yaml", $"train.epochs={epochs}", "--output"];
        using var folder = new TemporaryFolder();
        CtcInProcess.Run([.. command, folder.In("whole")]);
        var random = new Random(1);
        for (int i = 0; i < kills; i++)
        {
            using var process = CtcCommand.Start(new Dictionary<string, string>(), [.. command, folder.In("cut")]);
            if (i == 0) Wait(() => File.Exists(folder.In("cut", "checkpoints", "last.ckpt")));
            Thread.Sleep(random.Next(1000));
            process.Kill();
            process.WaitForExit();
        }

        Assert.That(File.Exists(folder.In("cut", "evaluation.json")), Is.False, "the run was over before the last kill");
        Assert.That(CtcCommand.Run([.. command, folder.In("cut")]).ExitCode, Is.Zero);
        Assert.That(WithoutTimes(folder.In("cut")), Is.EqualTo(WithoutTimes(folder.In("whole"))));
    }

    private static string WithoutTimes(string run)
    {
        JsonObject evaluation = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "evaluation.json")))!.AsObject();
        evaluation.Remove("seconds");
        evaluation.Remove("peak_memory_mb");
        return evaluation.ToJsonString();
    }

    private static string Read(JsonNode evaluation, string file) => string.Concat(evaluation["utterances"]!.AsArray()
        .Single(utterance => utterance!["id"]!.GetValue<string>() == Path.GetFileNameWithoutExtension(file))!["hypothesis"]!.AsArray()
        .Select(symbol => symbol!.GetValue<string>()));

    private static void Wait(Func<bool> condition) => Assert.That(condition, Is.True.After(60_000, 20));
}
