namespace Ctc.Cli.Tests;

/// <summary>Fixtures that NUnit runs beside others use nothing that is global to the process: they only start processes.</summary>
public class ParallelFixtureTests
{
    [Test]
    public void No_command_is_called_in_the_process_of_the_tests()
    {
        Type[] parallel = [.. typeof(ParallelFixtureTests).Assembly.GetTypes().Where(type => type.IsDefined(typeof(ParallelizableAttribute), false))];
        Assert.That(parallel, Is.Not.Empty);
        Assert.That(parallel.Where(fixture => Source(fixture).Contains("InProcess.", StringComparison.Ordinal)), Is.Empty);
    }

    private static string Source(Type fixture) => File.ReadAllText(Directory.EnumerateFiles(
        Path.Combine(CtcCommand.Repository, "tests", "Ctc.Cli.Tests"), fixture.Name + ".cs", SearchOption.AllDirectories).Single());
}
