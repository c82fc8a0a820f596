using Ctc.Configuration.Identity;
using Ctc.Tests;

namespace Ctc.Configuration.Tests.Identity;

/// <summary>Digests that are kept are those of the content.</summary>
[NonParallelizable]
public class FileDigestTests
{
    private static readonly FileStamp Old = new(Length: 3, Written: 1_000, Changed: 2_000, Node: 7);

    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void It_is_the_SHA_256_of_the_content()
    {
        File.WriteAllText(folder.In("abc"), "abc");

        // FIPS 180-4, appendix B.1 of its first edition.
        Assert.That(FileDigest.Compute(folder.In("abc")), Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        Assert.That(FileDigest.LengthOf(folder.In("abc")), Is.EqualTo(3));
    }

    [Test]
    public void A_change_that_keeps_length_and_time_is_noticed()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        string file = folder.In("same-time");
        File.WriteAllText(file, "abc");
        DateTime time = File.GetLastWriteTimeUtc(file);
        string before = FileDigest.Compute(file);
        Thread.Sleep(50); // longer than a tick of the clock of a file system
        File.WriteAllText(file, "xyz");
        File.SetLastWriteTimeUtc(file, time);
        Assert.That(FileDigest.Compute(file), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_link_has_the_stamp_of_its_target()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Links need rights on Windows.");
        File.WriteAllText(folder.In("target"), "12345");
        File.CreateSymbolicLink(folder.In("link"), folder.In("target"));
        Assert.That(FileStamp.Read(folder.In("link")), Is.EqualTo(FileStamp.Read(folder.In("target"))));
        Assert.That(() => FileStamp.Read(folder.In("missing")), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void A_new_file_is_not_reliable_and_an_old_one_is()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        File.WriteAllText(folder.In("new"), "");
        var stamp = FileStamp.Read(folder.In("new"));
        Assert.That(stamp.IsReliable(DateTime.UtcNow), Is.False);
        Assert.That(stamp.IsReliable(DateTime.UtcNow.AddSeconds(20)), Is.True);
        File.SetLastWriteTimeUtc(folder.In("new"), DateTime.UtcNow.AddYears(-1));
        Assert.That(FileStamp.Read(folder.In("new")).IsReliable(DateTime.UtcNow), Is.False, "a time that was set is not believed");
        Assert.That(new FileStamp(1, 1, Changed: 0, Node: 0).IsReliable(DateTime.UtcNow), Is.False, "unknown");
    }

    [Test]
    public void Kept_digests_are_found_by_path_and_stamp_alone()
    {
        string digest = new('a', 64);
        var index = DigestIndex.Load(folder.In("index"));
        index.Add("/a", Old, digest);
        index.Save();
        var loaded = DigestIndex.Load(folder.In("index"));
        foreach (DigestIndex either in new[] { index, loaded })
        {
            Assert.That(either.Find("/a", Old), Is.EqualTo(digest));
            Assert.That(either.Find("/b", Old), Is.Null);
            foreach (FileStamp other in new[] { Old with { Length = 4 }, Old with { Written = 1 }, Old with { Changed = 1 }, Old with { Node = 1 } })
            {
                Assert.That(either.Find("/a", other), Is.Null);
            }
        }
    }

    [Test]
    public void Two_processes_add_to_one_file_and_a_new_digest_replaces_the_old()
    {
        DigestIndex one = DigestIndex.Load(folder.In("shared")), two = DigestIndex.Load(folder.In("shared"));
        for (int i = 0; i < 100; i++) one.Add($"/one/{i}", Old, new string('1', 64));
        two.Add("/two", Old, new string('2', 64));
        two.Add("/one/7", Old with { Changed = 9 }, new string('3', 64));
        one.Save();
        two.Save();
        var all = DigestIndex.Load(folder.In("shared"));
        Assert.That(Enumerable.Range(0, 100).Where(i => i != 7).Select(i => all.Find($"/one/{i}", Old)), Has.All.EqualTo(new string('1', 64)));
        Assert.That(all.Find("/two", Old), Is.EqualTo(new string('2', 64)));
        Assert.That((all.Find("/one/7", Old), all.Find("/one/7", Old with { Changed = 9 })), Is.EqualTo(((string?)null, new string('3', 64))));
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(40)]
    [TestCase(-1)]
    public void A_damaged_index_is_empty(int at)
    {
        string file = folder.In($"damaged{at}");
        var index = DigestIndex.Load(file);
        index.Add("/a", Old, new string('a', 64));
        index.Save();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? ^1 : at] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.That(DigestIndex.Load(file).Find("/a", Old), Is.Null);
        File.WriteAllBytes(file, bytes[..^3]);
        Assert.That(DigestIndex.Load(file).Find("/a", Old), Is.Null);
    }

    [Test]
    public void An_index_that_cannot_be_written_is_no_fault()
    {
        File.WriteAllText(folder.In("file"), "");
        var index = DigestIndex.Load(folder.In("file", "index"));
        index.Add("/a", Old, new string('a', 64));
        Assert.That(index.Save, Throws.Nothing);
        Assert.That(index.Find("/a", Old), Is.Not.Null);
    }

    [Test]
    public void A_file_that_is_known_is_not_read()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Linux only.");
        string file = folder.In("known");
        File.WriteAllText(file, "content");
        string given = new('c', 64);
        var index = DigestIndex.Load(folder.In("known-index"));
        index.Add(file, FileStamp.Read(file), given);
        DigestIndex? before = FileDigest.Index;
        try
        {
            FileDigest.Index = index;
            Assert.That(FileDigest.Compute(file), Is.EqualTo(given));
        }
        finally
        {
            FileDigest.Index = before;
        }
    }
}
