using Ctc.Comparisons.Sweeps.Slurm;
using Ctc.Tests;

namespace Ctc.Comparisons.Tests.Sweeps.Slurm;

/// <summary>The launcher before scripts in the place of Slurm's programs.</summary>
[NonParallelizable] // PATH is global
public class SlurmLauncherTests
{
    private SlurmLauncher launcher = new(new SlurmOptions());
    private readonly string? path = Environment.GetEnvironmentVariable("PATH");
    private TemporaryFolder folder = new();

    [SetUp]
    public void Prepare()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("There is no Slurm here.");
        (launcher, folder) = (new SlurmLauncher(new SlurmOptions()), new TemporaryFolder());
        Environment.SetEnvironmentVariable("PATH", folder.Path);
    }

    [TearDown]
    public void Restore()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        folder.Dispose();
    }

    [Test]
    public void Without_Slurm_there_is_one_sentence() => Assert.That(
        launcher.Require,
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            "The launcher slurm needs sbatch, which is not in PATH; expected a machine from which jobs of Slurm are submitted."));

    [Test]
    public void A_job_is_submitted_as_a_script_and_its_name_is_without_the_cluster()
    {
        Write("sbatch", "echo '123;main'");
        Assert.That(launcher.Submit(Tasks()), Is.EqualTo("123"));
        Assert.That(File.ReadAllText(folder.In("job.sh")), Is.EqualTo(launcher.Describe(Tasks())));
    }

    [Test]
    public void A_job_that_is_refused_is_wrong_input()
    {
        Write("sbatch", "echo 'sbatch: error: invalid partition specified: no' >&2; exit 1");
        Assert.That(() => launcher.Submit(Tasks()), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            "Slurm refuses the job: sbatch: error: invalid partition specified: no; expected options that the cluster accepts."));
    }

    [Test]
    public void What_the_queue_has_forgotten_is_in_the_accounts()
    {
        Write("squeue", "echo '123_0|RUNNING|None'; echo '123_1|FAILED|NonZeroExitCode'");
        Write("sacct", "echo '123_0|FAILED|1:0'; echo '123_1|FAILED|9:0'; echo '123_2|COMPLETED|0:0'");
        Dictionary<int, JobStatus> states = new(launcher.Find("123", [0, 1, 2, 3]));
        Assert.That(states.Select(task => (task.Key, task.Value.State)).Order(), Is.EqualTo(
            new[] { (0, JobState.Running), (1, JobState.Failed), (2, JobState.Done) }));
        Assert.That(states[1].Cause, Is.EqualTo("Job 123_1 of Slurm ended as FAILED (9:0), without an error message of the run."));
    }

    [Test]
    public void A_cluster_without_accounts_is_asked_for_them_once()
    {
        Write("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        Write("sacct", "echo >> calls; echo 'Slurm accounting storage is disabled' >&2; exit 1");
        Assert.That(launcher.Find("123", [0]), Is.Empty);
        Assert.That(launcher.Find("123", [0]), Is.Empty);
        Assert.That(File.ReadAllText(folder.In("calls")), Is.EqualTo("\n"));
    }

    [Test]
    public void A_controller_that_does_not_answer_is_no_answer()
    {
        Write("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        Assert.That(() => launcher.Find("123", [0]), Throws.TypeOf<IOException>().With.Message.EqualTo(
            "squeue: slurm_load_jobs error: Unable to contact slurm controller (connect failure)."));
    }

    [Test]
    public void To_cancel_a_job_that_is_not_known_any_more_is_no_fault()
    {
        Write("scancel", "echo 'scancel: error: Kill job error on job id 123: Invalid job id specified' >&2; exit 1");
        Assert.That(() => launcher.Cancel("123"), Throws.Nothing);
    }

    private JobArray Tasks() => new("x", folder.Path, ["/opt/ctc", "sweep-run", "--order"], count: 4);

    private void Write(string program, string text) => BashProgram.Write(folder.In(program), $"cd '{folder.Path}'\n{text}");
}
