using System.ComponentModel;
using System.Diagnostics;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Processes;
using Ctc.Tests;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>The process of the next run, with a shell in the place of the program: it writes its threads and its number, and waits.</summary>
[Platform(Exclude = "Win")]
public class RunProcessesTests
{
    private readonly TemporaryFolder folder = new();

    [SetUp]
    public void Begin() => File.Delete(Log);

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void A_process_that_waits_is_taken_once()
    {
        using RunProcesses processes = Create();
        processes.Prepare(3);
        processes.Prepare(3);
        Started(1);
        using ChildProcess first = processes.Take(3);
        Assert.That(File.ReadAllLines(Log), Has.Length.EqualTo(1), "one was prepared, and it is the one that was taken");
        using ChildProcess second = processes.Take(3);
        Assert.That(Started(2).Select(line => line.Threads), Is.EqualTo(new[] { 3, 3 }));
        Assert.That(first.HasEnded || second.HasEnded, Is.False);
    }

    [Test]
    public void One_for_other_threads_is_ended_and_replaced()
    {
        using RunProcesses processes = Create();
        processes.Prepare(1);
        Started(1);
        using ChildProcess taken = processes.Take(2);
        (int Threads, int Number)[] started = Started(2);
        Assert.That(started.Select(line => line.Threads), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(() => IsRunning(started[0].Number), Is.False.After(10_000, 10), "it has been ended");
    }

    [Test]
    public void One_that_has_ended_is_replaced()
    {
        using RunProcesses processes = Create("test -e \"$0.once\" || { : > \"$0.once\"; exit 3; }; read line");
        processes.Prepare(1);
        int number = Started(1)[0].Number;
        while (IsRunning(number)) Thread.Sleep(10);
        using ChildProcess taken = processes.Take(1);
        Started(2);
        Assert.That(taken.HasEnded, Is.False);
    }

    [Test]
    public void What_nobody_takes_ends()
    {
        RunProcesses processes = Create();
        processes.Prepare(1);
        int number = Started(1)[0].Number;
        processes.Dispose();
        Assert.That(() => IsRunning(number), Is.False.After(10_000, 10), "it has been ended"); // soon after the call
    }

    [Test]
    public void A_program_that_is_missing_is_reported_by_the_run()
    {
        using var processes = new RunProcesses(["/no-program"]);
        Assert.That(() => processes.Prepare(1), Throws.Nothing);
        Assert.That(() => processes.Take(1), Throws.InstanceOf<Win32Exception>());
    }

    private string Log => folder.In("log");

    private RunProcesses Create(string then = "read line") =>
        new(["/bin/sh", "-c", $"echo $OMP_NUM_THREADS $$ >> \"$0\"; {then}", Log]);

    // Waits until so many have written their lines.
    private (int Threads, int Number)[] Started(int count)
    {
        Assert.That(() => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0, Is.EqualTo(count).After(10_000, 10));
        return [.. File.ReadAllLines(Log).Select(line => line.Split(' ')).Select(line => (int.Parse(line[0]), int.Parse(line[1])))];
    }

    private static bool IsRunning(int number)
    {
        try
        {
            using Process process = Process.GetProcessById(number);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
