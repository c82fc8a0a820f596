using System.Diagnostics;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>Bad input: one sentence with the position, the value found and the value expected; exit code 2; nothing written.</summary>
public class BadInputTests
{
    private const string Good = "name: x\ndata: { source: digit-lines, file: digits.csv.gz }\nmodel: { encoder: bilstm }\n";

    [TestCase(Good + "trian: {}\n", ":4:1: unknown key 'trian' in the experiment; did you mean 'train'?")]
    [TestCase(Good + "train: { epochs: many }\n", ":4:18: epochs is many; expected a whole number")]
    [TestCase(Good + "train:\n  epochs: 0\n", ":5:11: epochs is 0; expected 1 or more")]
    [TestCase(Good + "objective: { weighting: [ focl ] }\n", ":4:27: no loss weighting 'focl' was found; did you mean 'focal'?")]
    [TestCase(Good + "objective: { weighting: [ { focal: { gamma: 11 } } ] }\n", ":4:45: gamma is 11; expected 0 to 10")]
    [TestCase(Good + "objective: { weighting: [ { focal: { gama: 1 } } ] }\n", ":4:38: unknown key 'gama' in focal; did you mean 'gamma'?")]
    [TestCase(Good + "name: y\n", ":4:1: the key 'name' occurs twice; expected it once, and it is in line 1 already")]
    [TestCase("name: x\ndata: { source: digit-lines, file: missing.csv.gz }\nmodel: { encoder: bilstm }\n",
        ":2:36: file is missing.csv.gz; expected a file, but ")]
    [TestCase("", ":1:1: there is nothing; expected a mapping")]
    [TestCase("name: [x\n", ": ")]
    [TestCase(Good + "plugins: [ nowhere ]\n", ":4:12: plugins is nowhere; expected a file or a folder, but ")]
    public void A_bad_file_is_refused_where_it_is_bad(string yaml, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(CtcCommand.Repository, "data", "digits", "digits.csv.gz"), folder.In("digits.csv.gz"));
        string file = folder.In("x.yaml");
        File.WriteAllText(file, yaml);

        CommandOutput refused = CtcInProcess.Run("run", file, "--output", folder.In("run"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ExitCode, Is.EqualTo(2));
            Assert.That(refused.Output, Is.Empty);
            Assert.That(refused.Error, Does.StartWith($"ctc: {file}{(sentence == ": " ? ":" : sentence)}"));
            Assert.That(refused.Error.TrimEnd('\n'), Does.Not.Contain("\n"), "one line");
            Assert.That(Directory.Exists(folder.In("run")), Is.False);
        }
    }

    // The working folder contains a font: it is not a system folder.
    [Test]
    [Category("Slow")]
    public void On_a_machine_without_fonts_the_one_that_is_missing_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("fonts"));
        File.Copy(Path.Combine(CtcCommand.Repository, "data", "fonts", "DejaVuSans.ttf"), folder.In("fonts", "DejaVuSans.ttf"));
        Directory.CreateDirectory(folder.In("home"));
        var bare = new Dictionary<string, string> { ["HOME"] = folder.In("home"), ["XDG_DATA_HOME"] = "", ["XDG_DATA_DIRS"] = folder.In("share") };
        const string Experiment = "name: x\ndata: { source: drawn-lines, fonts: [ DejaVu Sans ], symbols: abc }\nmodel: { encoder: conv }\n";
        File.WriteAllText(folder.In("x.yaml"), Experiment);

        CommandOutput refused = CtcCommand.RunIn(folder.Path, bare, "run", "x.yaml");

        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Is.EqualTo("ctc: No font of the family 'DejaVu Sans' is installed in the system's folders for fonts.\n"));
    }

    [TestCase(new[] { "run", "configs" }, "ctc: configs: found a folder; expected a YAML file")]
    [TestCase(new[] { "run", "nowhere.yaml" }, "ctc: nowhere.yaml: there is no such file; expected a YAML file")]
    [TestCase(new[] { "run", "configs/plain.yaml", "train.epoch=3" },
        "ctc: override 'train.epoch=3': unknown key 'epoch' in train; did you mean 'epochs'?")]
    [TestCase(new[] { "run" }, "ctc: Required argument")]
    [TestCase(new[] { "rnu" }, "ctc: there is no command 'rnu'; did you mean 'run'?\n")]
    [TestCase(new[] { "help", "rnu" }, "ctc: there is no command 'rnu'; did you mean 'run'?\n")]
    [TestCase(new[] { "plugins", "lst" }, "ctc: there is no command 'lst'; did you mean 'list'?\n")]
    [TestCase(new[] { "--verbos" }, "ctc: there is no option '--verbos'; did you mean '--verbose'?\n")]
    [TestCase(new[] { "bench", "--shape", "12,3,5" }, "ctc: --shape is 12,3,5; expected T,B,V,U: frames, ")]
    [TestCase(new[] { "bench", "--pause", "-1" }, "ctc: --pause is -1; expected 0 to 600 seconds")]
    [TestCase(new[] { "bench", "--shape", "7,1,5,4" }, "ctc: --shape is 7,1,5,4; expected ")]
    [TestCase(new[] { "bench", "--shape", "-8,1,5,4" }, "ctc: --shape is -8,1,5,4; expected ")]
    [TestCase(new[] { "decode", "configs", "x.png" }, "ctc: configs: there is no run.json; expected the folder of a run.")]
    [TestCase(new[] { "run", "configs/smoke.yaml", "--output=", "train.epochs=1" },
        "ctc: --output= has no value; expected one directly after the equals sign.\n")]
    [TestCase(new[] { "sweep", "configs/smoke.yaml", "--jobs=", "3" }, "ctc: --jobs= has no value; expected one directly after the equals sign.\n")]
    [TestCase(new[] { "run", "configs/smoke.yaml", "--output", "" },
        "ctc: The path of the output folder is empty; expected a folder, existing or not.\n")]
    [TestCase(new[] { "run", "configs/smoke.yaml", "--output= " },
        "ctc: The path of the output folder is empty; expected a folder, existing or not.\n")]
    [TestCase(new[] { "sweep", "configs/long-tail-digits.yaml", "--dry-run", "--output=\t" },
        "ctc: The path of the output folder is empty; expected a folder, existing or not.\n")]
    [TestCase(new[] { "run", "configs/smoke.yaml", "--ouput=r" }, "ctc: there is no option '--ouput=r'; did you mean '--output'?\n")]
    [TestCase(new[] { "run", "configs/smoke.yaml", "-fresh" }, "ctc: there is no option '-fresh'; did you mean '--fresh'?\n")]
    [TestCase(new[] { "decode", "r", "--turst", "x.png" }, "ctc: there is no option '--turst'; did you mean '--trust'?\n")]
    [TestCase(new[] { "posteriors", "r", "--output", "f" }, "ctc: expected either MANIFEST or --set.\n")]
    [TestCase(new[] { "posteriors", "r", "m.txt", "--set", "dev", "--output", "f" }, "ctc: expected either MANIFEST or --set.\n")]
    [TestCase(new[] { "evaluate", "r" }, "ctc: expected either one MANIFEST or --set.\n")]
    [TestCase(new[] { "evaluate", "r", "a.txt", "b.txt" }, "ctc: expected either one MANIFEST or --set.\n")]
    [TestCase(new[] { "evaluate", "r", "--set", "dev", "--worst", "-1" }, "ctc: --worst is -1; expected 0 or more.\n")]
    [TestCase(new[] { "align", "r", "--set", "tain" }, "ctc: the set is 'tain'; expected train, dev or test.\n")]
    [TestCase(new[] { "posteriors", "r", "--set", "tain", "--output", "f" }, "ctc: the set is 'tain'; expected train, dev or test.\n")]
    [TestCase(new[] { "posteriors", "r", "--set", "train", "--output", " " },
        "ctc: the path of the output file is empty; expected a file to write.\n")]
    [TestCase(new[] { "posteriors", "configs", "--set", "train", "--output", "f" },
        "ctc: configs: there is no run.json; expected the folder of a run.")]
    [TestCase(new[] { "loss", "--json" }, "ctc: there is no option '--json'; ")]
    [TestCase(new[] { "decode", "nowhere", "--", "--turst" }, "ctc: nowhere: there is no run.json; expected the folder of a run.\n")]
    [Category("Slow")]
    public void A_bad_command_line_is_refused(string[] arguments, string sentence)
    {
        CommandOutput refused = CtcInProcess.Run(arguments);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((2, "")));
        Assert.That(refused.Error, Does.StartWith(sentence));
        Assert.That(refused.Error, Does.Not.Contain("   at "), "a stack trace");
    }

    [TestCase(new string[0], "  run ")]
    [TestCase(new[] { "help" }, "  run ")]
    [TestCase(new[] { "help", "run" }, "--fresh")]
    [TestCase(new[] { "plugins" }, "  check ")]
    [TestCase(new[] { "help", "plugins", "check" }, "<PATH>")]
    public void A_question_is_answered_with_help(string[] arguments, string shown)
    {
        CommandOutput help = CtcInProcess.Run(arguments);
        Assert.That((help.ExitCode, help.Error), Is.EqualTo((0, "")));
        Assert.That(help.Output, Does.Contain("Usage:").And.Contain(shown));
    }

    [TestCase(new[] { "Limit                     Soft Limit           Hard Limit           Units     ",
        "Max open files            128                  4096                 files     " }, 128)]
    [TestCase(new[] { "Max open files            unlimited            unlimited            files     " }, null)]
    [TestCase(new string[0], null)]
    public void The_limit_on_open_files_is_that_of_the_process(string[] limits, int? limit) =>
        Assert.That(Ctc.Cli.Processes.OpenFileLimit.Parse(limits), Is.EqualTo(limit));

    [TestCase("ulimit -n 128; exec dotnet \"$0\" plugins list", 1, "ctc: At most 128 files may be open; expected at least 256 (ulimit -n 256).\n")]
    [TestCase("exec dotnet \"$0\" plugins list >&-", 1, "ctc: Standard output cannot be written (")]
    [TestCase("exec dotnet \"$0\" plugins list >/dev/full", 1, "ctc: Standard output cannot be written (No space left on device); expected an open ")]
    [TestCase("mkdir gone; cd gone; rmdir ../gone; exec dotnet \"$0\" explain x.yaml", 2,
        "ctc: The current folder does not exist any more; expected a folder that does.\n")]
    [Category("Slow")]
    public void A_process_in_a_bad_place_says_so(string script, int exitCode, string sentence)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        using var folder = new TemporaryFolder();
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, CtcCommand.Dll])
        {
            WorkingDirectory = folder.Path, RedirectStandardError = true,
        })!;
        string error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.That(error, Does.StartWith(sentence));
        Assert.That((shell.ExitCode, error.Count(letter => letter == '\n')), Is.EqualTo((exitCode, 1)));
    }

    [Test]
    [Category("Slow")]
    public void A_process_ends_with_the_exit_code_and_the_sentence_of_a_refusal()
    {
        CommandOutput refused = CtcCommand.Run("run", "nowhere.yaml");
        Assert.That(refused, Is.EqualTo(new CommandOutput(2, "", "ctc: nowhere.yaml: there is no such file; expected a YAML file\n")));
    }

    [Test]
    public void A_font_that_is_missing_is_named_with_the_packages_that_bring_one()
    {
        using var folder = new TemporaryFolder();
        CommandOutput refused = CtcInProcess.Run("run", "configs/long-tail-chinese.yaml", "data.fonts=[No Such Song]", "--output", folder.In("run"));
        Assert.That((refused.ExitCode, refused.Output, Directory.Exists(folder.In("run"))), Is.EqualTo((2, "", false)));
        Assert.That(
            refused.Error,
            Does.Match("^ctc: No font of the family 'No Such Song' is installed in .*; on Debian the packages fonts-arphic-gbsn00lp, .*\n$"));
    }

    [Test]
    public void A_missing_GPU_is_refused_with_the_fix()
    {
        if (torch.cuda.is_available()) Assert.Ignore("There is a GPU here.");
        CommandOutput refused = CtcInProcess.Run("run", "configs/smoke.yaml", "device=cuda");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.StartWith("ctc: The experiment requires cuda, and libtorch finds no GPU; set device: cpu"));
    }
}
