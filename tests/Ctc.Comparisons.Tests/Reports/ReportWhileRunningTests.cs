using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Tests.Reports;

public class ReportWhileRunningTests
{
    [Test]
    [Category("Slow")]
    public void After_each_run_but_the_last_there_is_a_report_of_what_is_done()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        sweep.Plan("other", 1);
        RunStatus[] runs = [.. SweepRecord.Load(sweep.Path).Runs.Select(run => new RunStatus(run))];
        var heard = new Heard();
        using (var reported = new ReportWhileRunning(sweep.Path, heard))
        {
            reported.Changed(runs, null);
            (runs[0].State, runs[0].Ended) = (RunState.Done, DateTime.UtcNow);
            reported.Changed(runs, runs[0]);
        }

        Assert.That(sweep.Text("report.md"), Does.Contain("2 variants, 2 runs: 1 done, 1 not begun."));
        File.Delete(sweep.In("report.md"));
        using (var reported = new ReportWhileRunning(sweep.Path, heard))
        {
            (runs[1].State, runs[1].Ended) = (RunState.Done, DateTime.UtcNow);
            reported.Changed(runs, runs[1]);
        }

        Assert.That(File.Exists(sweep.In("report.md")), Is.False, "the report at the end follows");
        Assert.That(heard.Changes, Is.EqualTo(3));
    }

    [Test]
    public void A_report_that_cannot_be_written_stops_nothing()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, MadeUpSweep.WithErrors(4));
        sweep.Plan("other", 1);
        RunStatus[] runs = [.. SweepRecord.Load(sweep.Path).Runs.Select(run => new RunStatus(run))];
        File.WriteAllText(sweep.In("sweep.json"), "{");
        (runs[0].State, runs[0].Ended) = (RunState.Failed, DateTime.UtcNow);
        Assert.That(
            () =>
            {
                using var reported = new ReportWhileRunning(sweep.Path, new Heard());
                reported.Changed(runs, runs[0]);
            },
            Throws.Nothing);
    }

    private sealed class Heard : ISweepObserver
    {
        public int Changes { get; private set; }

        public void Note(string line)
        {
        }

        public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed) => Changes++;
    }
}
