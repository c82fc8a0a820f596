using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Ctc.Comparisons.Sweeps.Slurm;
using Ctc.Tests;

namespace Ctc.Comparisons.Tests.Sweeps.Slurm;

/// <summary>The batch script: its directives, and how it ends in bash.</summary>
public class SlurmScriptTests
{
    [Test]
    public void It_has_a_directive_for_each_option() => Assert.That(
        SlurmScript.Compose(
            new JobArray("focal", "/a folder/jobs/1", ["/opt/ctc", "sweep-run", "--order"], count: 8) { Threads = 2, Parallel = 4, Device = "cuda" },
            new SlurmOptions
            {
                Time = "2:00:00", Memory = "8G", Partition = "gpu", Gpus = "a100:1", Notice = 300, Directives = ["--account=physics"],
                Setup = ["module load cuda"],
            }),
        Is.EqualTo(
            """
            #!/bin/bash
            #SBATCH --job-name=focal
            #SBATCH --array=0-7%4
            #SBATCH --chdir="/a folder/jobs/1"
            #SBATCH --output=%a.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --nodes=1
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=2
            #SBATCH --time=2:00:00
            #SBATCH --mem=8G
            #SBATCH --partition=gpu
            #SBATCH --gres=gpu:a100:1
            #SBATCH --signal=B:USR1@300
            #SBATCH --account=physics

            module load cuda
            export OMP_NUM_THREADS=2 MKL_NUM_THREADS=2 DOTNET_DbgEnableMiniDump=0
            trap 'told=1; kill -USR1 $!' USR1
            '/opt/ctc' 'sweep-run' '--order' '/a folder/jobs/1/'"$SLURM_ARRAY_TASK_ID"'.json' &
            # The signal interrupts wait.
            while told=; wait $!; code=$?; [ -n "$told" ]; do :; done
            if [ "$code" -eq 75 ]; then scontrol requeue "$SLURM_JOB_ID"; fi
            exit "$code"

            """.ReplaceLineEndings("\n")));

    [Test]
    public void GPUs_for_runs_on_the_CPU_are_refused() => Assert.That(
        () => SlurmScript.Compose(new JobArray("x", "/x", ["/ctc"], count: 1), new SlurmOptions { Gpus = "1" }),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("sweep.launcher.slurm.gpus is 1, and the runs compute on the cpu; "));

    [TestCase("account=physics")]
    [TestCase("--account=physics\nrm -r x")]
    public void A_directive_is_one_option(string directive)
    {
        var options = new SlurmOptions { Directives = [directive] };
        Assert.That(options.Validate(new ValidationContext(options)).Count(), Is.EqualTo(1));
    }

    [TestCase("exit 0", false, 0, "")]
    [TestCase("exit 3", false, 3, "")]
    [TestCase("trap 'exit 75' USR1; touch \"$1.started\"; while :; do sleep 0.02; done", true, 75, "requeue 77\n")]
    [TestCase("trap 'late=75' USR1; touch \"$1.started\"; until [ \"$late\" ]; do sleep 0.02; done; sleep 0.1; exit $late", true, 75, "requeue 77\n")]
    [TestCase("trap '' USR1; touch \"$1.started\"; sleep 0.2; exit 0", true, 0, "")]
    public void It_ends_as_its_run_and_is_queued_again_if_the_run_is_to_go_on(string run, bool isTold, int code, string called)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There is no bash here.");
        using var folder = new TemporaryFolder();
        BashProgram.Write(folder.In("scontrol"), "echo \"$@\" > \"$0.called\"");
        string own = folder.In("it's a run");
        BashProgram.Write(own, run);
        File.WriteAllText(folder.In("job.sh"), SlurmScript.Compose(new JobArray("x", folder.Path, [own], count: 1), new SlurmOptions()));
        var start = new ProcessStartInfo("/bin/bash", [folder.In("job.sh")]);
        (start.Environment["PATH"], start.Environment["SLURM_ARRAY_TASK_ID"], start.Environment["SLURM_JOB_ID"]) =
            ($"{folder.Path}:{start.Environment["PATH"]}", "0", "77");
        using Process job = Process.Start(start)!;
        if (isTold)
        {
            Assert.That(() => File.Exists(folder.In("0.json.started")), Is.True.After(10_000, 5));
            using var kill = Process.Start("/bin/kill", ["-USR1", $"{job.Id}"]);
        }

        job.WaitForExit();
        string calls = folder.In("scontrol.called");
        Assert.That((job.ExitCode, File.Exists(calls) ? File.ReadAllText(calls) : ""), Is.EqualTo((code, called)));
    }
}
