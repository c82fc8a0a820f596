using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Comparisons;
using Ctc.Experiments;
using Ctc.Experiments.Files;
using Ctc.Hosting;
using Ctc.Testing.Conformance;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Cli.Tests;

/// <summary><c>ctc sweep --launcher slurm</c> on a machine without Slurm, and the command of a task.</summary>
public class LaunchedSweepTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Without_Slurm_there_is_one_sentence_and_nothing_is_written()
    {
        CommandOutput output = Sweep("--launcher", "slurm");
        const string sentence = "The launcher slurm needs sbatch, which is not in PATH; expected a machine from which jobs of Slurm are submitted.";
        Assert.That((output.ExitCode, output.Output, output.Error), Is.EqualTo((2, "", $"ctc: {sentence}\n")));
        Assert.That(Directory.Exists(folder.In("sweep")), Is.False);
    }

    [Test]
    public void The_script_is_printed_with_the_options_of_file_and_command_line_and_nothing_is_written()
    {
        CommandOutput output =
            Sweep("--print", "--jobs", "2", "sweep.launcher={ slurm: { time: 10, memory: 2G } }", "sweep.launcher.slurm.memory=1G");
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((0, "")));
        Assert.That(
            output.Output,
            Does.StartWith("#!/bin/bash\n#SBATCH --job-name=sweep\n#SBATCH --array=0-3%2\n").And.Contain("#SBATCH --time=10\n#SBATCH --mem=1G\n")
                .And.Contain("'sweep-run' '--order' '").And.EndWith("exit \"$code\"\n"));
        Assert.That(Directory.Exists(folder.In("sweep")), Is.False);
    }

    [TestCase("--print --launcher local", "--print is of a scheduler, and the launcher is local; expected --launcher slurm, or another.")]
    [TestCase("--cancel", "--cancel is of a scheduler, and the launcher is local; expected --launcher slurm, or another.")]
    [TestCase("--launcher slrum", "override '--launcher slrum': no launcher 'slrum' was found; did you mean 'slurm'?")]
    [TestCase(
        "sweep.launcher.slurm.time=soon",
        "override 'sweep.launcher.slurm.time=soon': time is soon; expected minutes, or a time such as 2:30:00 or 1-12")]
    public void A_launcher_that_cannot_be_used_is_named(string arguments, string sentence)
    {
        CommandOutput output = Sweep(arguments.Split(' '));
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((2, $"ctc: {sentence}\n")));
    }

    [Test]
    public void A_task_records_its_failure_itself()
    {
        string run = folder.In("run");
        File.WriteAllText(folder.In("0.json"), JsonSerializer.Serialize(
            new { experiment = """{ "name": "x", "model": { "encoder": "no" } }""", identity = "0", base_folder = folder.Path, output = run }));
        CommandOutput output = CtcInProcess.Run("sweep-run", "--order", folder.In("0.json"));
        string cause = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "failure.json")))!["cause"]!.GetValue<string>();
        Assert.That((output.ExitCode, output.Error), Is.EqualTo((2, $"ctc: {cause}\n")));
    }

    [Test]
    public void An_order_that_is_none_is_refused()
    {
        File.WriteAllText(folder.In("none.json"), "{}");
        CommandOutput output = CtcInProcess.Run("sweep-run", "--order", folder.In("none.json"));
        Assert.That(output.ExitCode, Is.EqualTo(2));
        Assert.That(output.Error, Does.StartWith($"ctc: {folder.In("none.json")}: ").And.EndWith("; expected the order of a run.\n"));
    }

    [Test]
    public void The_command_on_the_page_sees_the_lock_of_a_run()
    {
        const string flock = "/usr/bin/flock";
        if (!File.Exists(flock)) Assert.Ignore("There is no flock here.");
        string[] blocks = [.. DocumentationPage.Blocks("docs/slurm.md", "text").Where(block => block.StartsWith("flock ", StringComparison.Ordinal))];
        string[] other = blocks.Single().Split('\n')[1].Split(';')[0].Replace("DIR", folder.Path, StringComparison.Ordinal).Split(' ');
        int Try()
        {
            using Process process = Process.Start(flock, other[1..]);
            process.WaitForExit();
            return process.ExitCode;
        }

        using (FolderLock.Hold(folder.Path)) Assert.That(Try(), Is.EqualTo(1));
        Assert.That(Try(), Is.Zero);
    }

    [Test]
    public void The_launcher_keeps_the_promises_of_a_part()
    {
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().AddCtcComparisons().BuildServiceProvider();
        PartFactory slurm = services.GetRequiredService<PartCatalog>().Find(typeof(ILauncher), "slurm");
        CheckResult[] results = [.. PartConformance.Run(slurm)];
        Assert.That(results.Where(result => result.Outcome == Outcome.Failed), Is.Empty);
        Assert.That(results.Select(result => result.Check), Is.SupersetOf(new[] { "created", "options", "values", "repeat", "writes" }));
    }

    private CommandOutput Sweep(params string[] arguments)
    {
        string config = folder.In("sweep.yaml");
        File.WriteAllText(config, """
            name: sweep
            data: { source: drawn-lines, symbols: abc, train-lines: 2, dev-lines: 1, test-lines: 1, min-symbols: 1, max-symbols: 1 }
            model: { encoder: conv }
            objective: { weighting: [{ focal: { alpha: 1, gamma: 0.5 } }] }
            sweep: { baseline: plain, seeds: [1, 2], variants: { plain: { objective: { weighting: [] } }, focal: {} } }
            """);
        return CtcInProcess.Run(
            new Dictionary<string, string> { ["PATH"] = folder.Path }, ["sweep", config, "--output", folder.In("sweep"), .. arguments]);
    }
}
