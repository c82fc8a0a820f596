using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GitCheckoutTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void A_branch_is_resolved_in_the_checkout_above_the_folder()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/refs/heads/main", Commit + "\n");
        string below = Directory.CreateDirectory(folder.In("configs", "mine")).FullName;
        Assert.That(GitCheckout.FindCommit(below), Is.EqualTo(Commit));
    }

    [Test]
    public void A_detached_head_is_the_commit()
    {
        Write(".git/HEAD", Commit + "\n");
        Assert.That(GitCheckout.FindCommit(folder.In(".")), Is.EqualTo(Commit));
    }

    [Test]
    public void A_packed_reference_is_found()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/packed-refs", $"# pack-refs with: peeled\n{new string('f', 40)} refs/heads/main2\n{Commit} refs/heads/main\n^{new string('e', 40)}\n");
        Assert.That(GitCheckout.FindCommit(folder.In(".")), Is.EqualTo(Commit));
    }

    [Test]
    public void A_worktree_has_its_own_head_and_the_references_of_its_repository()
    {
        Write("main/.git/refs/heads/side", Commit);
        Write("main/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
        Write("main/.git/worktrees/side/commondir", "../..\n");
        Write("side/.git", "gitdir: ../main/.git/worktrees/side\n");
        Assert.That(GitCheckout.FindCommit(folder.In("side")), Is.EqualTo(Commit));
    }

    [TestCase("ref: refs/heads/main", Description = "before the first commit")]
    [TestCase("ref: ../outside")]
    [TestCase("ref: refs/../outside")]
    [TestCase("ref: HEAD")]
    [TestCase("no commit at all")]
    [TestCase("")]
    public void A_head_that_names_no_commit_of_the_checkout_is_none(string head)
    {
        Write(".git/HEAD", head);
        Write("outside", Commit);
        Write(".git/outside", Commit);
        Assert.That(GitCheckout.FindCommit(folder.In(".")), Is.Null);
    }

    [Test]
    public void The_program_git_in_the_folder_is_not_started()
    {
        Write("git", $"#!/bin/sh\ntouch {folder.In("started")}\necho {Commit}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.In("git"), (UnixFileMode)0b111_101_101);
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.In(".");
            Assert.That(GitCheckout.FindCommit("."), Is.Null);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.That(File.Exists(folder.In("started")), Is.False);
    }

    private void Write(string name, string text)
    {
        string path = folder.In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
