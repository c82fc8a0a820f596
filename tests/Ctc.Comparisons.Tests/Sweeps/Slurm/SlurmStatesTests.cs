using Ctc.Comparisons.Sweeps.Slurm;

namespace Ctc.Comparisons.Tests.Sweeps.Slurm;

public class SlurmStatesTests
{
    [TestCase("12_3|PENDING|Resources", JobState.Waiting)]
    [TestCase("12_3|RUNNING|None", JobState.Running)]
    [TestCase("12_3|COMPLETING|None", JobState.Running)]
    [TestCase("12_3|COMPLETED|0:0", JobState.Done)]
    [TestCase("12_3|NODE_FAIL|NodeDown", JobState.Lost)]
    [TestCase("12_3|PREEMPTED|0:0", JobState.Lost)]
    [TestCase("12_3|FAILED|75:0", JobState.Lost)] // it was to be queued again
    [TestCase("12_3|CANCELLED by 1000|0:15", JobState.Failed)]
    [TestCase("12_3|TIMEOUT|0:15", JobState.Failed)]
    [TestCase("12_3|OUT_OF_MEMORY|0:125", JobState.Failed)]
    [TestCase("12_3|FAILED|137:0", JobState.Failed)]
    [TestCase("12_3|A_STATE_OF_A_LATER_VERSION|", JobState.Failed)]
    public void A_state_of_squeue_or_sacct_is_one_of_five(string line, JobState state)
    {
        JobStatus status = SlurmStates.Parse(line + "\n")[3];
        Assert.That(status.State, Is.EqualTo(state));
        Assert.That(status.Cause, state == JobState.Failed ? Does.StartWith("Job 12_3 of Slurm ") : Is.Null);
    }

    [Test]
    public void Each_task_of_an_array_has_its_own_and_other_lines_are_ignored() => Assert.That(
        SlurmStates.Parse("12_[4-9]|PENDING|None\n12|RUNNING|None\n\nslurm_load_jobs error\n12_0|RUNNING|None\n12_10|COMPLETED|0:0\n")
            .Select(task => (task.Key, task.Value.State)),
        Is.EqualTo(new[] { (0, JobState.Running), (10, JobState.Done) }));
}
