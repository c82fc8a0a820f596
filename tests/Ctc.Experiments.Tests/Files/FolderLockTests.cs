using Ctc.Experiments.Files;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Files;

public class FolderLockTests
{
    [Test]
    public void A_folder_that_is_held_and_one_that_cannot_be_written_to_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.Hold(folder.Path))
        {
            Assert.That(
                () => FolderLock.Hold(folder.Path),
                Throws.TypeOf<RunFolderException>().With.Message.EqualTo($"{folder.Path} is held by another process; expected it to have ended."));
        }

        File.Delete(folder.In("lock"));
        File.CreateSymbolicLink(folder.In("lock"), folder.In("lock")); // no permission protects from a superuser, but a circle does
        Assert.That(
            () => FolderLock.Hold(folder.Path, TimeSpan.FromMinutes(1)),
            Throws.TypeOf<IOException>().With.Message.StartsWith($"{folder.Path} cannot be written to: ").And.Message.EndsWith(
                "; expected a folder with write access and space."));
    }

    [Test]
    public void A_folder_is_created_and_one_that_cannot_be_is_named()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.Hold(folder.In("new", "run"))) Assert.That(Directory.Exists(folder.In("new", "run")));

        File.WriteAllText(folder.In("file"), "");
        foreach (string path in new[] { folder.In("file", "run"), folder.In(new string('x', 300)) })
        {
            Assert.That(
                () => FolderLock.Hold(path),
                Throws.TypeOf<IOException>().With.Message.StartsWith($"{path} cannot be written to: ").And.Message.EndsWith(
                    "; expected a folder with write access and space."));
        }
    }
}
