using Ctc.Experiments.Files;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Files;

public class WholeFileTests
{
    [Test]
    public void A_file_that_could_not_be_written_leaves_the_old_one_and_no_half()
    {
        using var folder = new TemporaryFolder();
        WholeFile.Write(folder.In("result"), "old");
        Assert.That(
            () => WholeFile.Write(
                folder.In("result"),
                stream =>
                {
                    stream.Write("half of the n"u8);
                    throw new IOException("No space left on device");
                }),
            Throws.TypeOf<IOException>().With.Message.EqualTo("No space left on device"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.EqualTo(new[] { folder.In("result") }));
        Assert.That(File.ReadAllText(folder.In("result")), Is.EqualTo("old"));
    }

    [Test]
    public void Two_writers_at_once_leave_one_whole_file()
    {
        using var folder = new TemporaryFolder();
        string[] texts = [new string('a', 100_000), new string('b', 100_000)];
        Parallel.For(0, 40, i => WholeFile.WriteShared(folder.In("report"), texts[i % 2]));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.EqualTo(new[] { folder.In("report") }));
        Assert.That(texts, Does.Contain(File.ReadAllText(folder.In("report"))));
    }
}
