using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Tests.Data.Pages;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>Ground truth as a tree of folders, and lists of several images.</summary>
public class LineFolderTests
{
    private static readonly SymbolText AsWritten = new(UnicodeForm.None);

    [Test]
    public void Pairs_and_pages_are_read_in_the_order_of_their_paths()
    {
        using TemporaryFolder folder = Tree();
        Assert.That(
            ManifestFile.Load(folder.Path, AsWritten).Select(line => (line.Id, string.Concat(line.Symbols), line.Group)),
            Is.EqualTo(new (string, string, string?)[]
            {
                ("a/deep/3.bin.png", "three", "a/deep"), ("b/1.png", "öne", "b"), ("b/2.JPG", "", "b"),
                ("page.xml#l1", "one", "page.xml"), ("page.xml#l2", "two words", "page.xml"), ("top.png", "top", null),
            }));
    }

    [TestCase("b/1.gt.txt", "a\nb", "~/b/1.gt.txt:2: there is a second line of text; expected one.")]
    [TestCase("b/9.gt.txt", "a", "~/b/9.gt.txt has no image; expected 9.png beside it, or another format.")]
    [TestCase("b/1.tif", "x", "~/b/1.gt.txt has the images 1.png and 1.tif; expected one.")]
    [TestCase("b/2.JPG", "", "~/b/2.gt.txt: the image is ~/b/2.JPG; expected an image, but ~/b/2.JPG is empty, or a pipe or a device.")]
    public void What_is_wrong_is_said_in_one_sentence(string file, string text, string message)
    {
        using TemporaryFolder folder = Tree();
        File.WriteAllText(folder.In(file.Split('/')), text);
        Assert.That(
            () => ManifestFile.Load(folder.Path, AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message.Replace("~", folder.Path, StringComparison.Ordinal)));
    }

    [Test]
    public void A_folder_without_lines_is_refused()
    {
        using var folder = new TemporaryFolder();
        LineImage.Write(folder.In("x.png"), new Utterance("x", new float[8], 2, []));
        Assert.That(
            () => ManifestFile.Load(folder.Path, AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.Path} has no lines; expected images with a text, such as 0001.png and 0001.gt.txt, or PAGE-XML or ALTO."));
    }

    [Test]
    public void Several_images_of_a_label_file_have_one_text()
    {
        using TemporaryFolder folder = Tree();
        File.WriteAllText(folder.In("list"), "[\"b/1.png\", \"top.png\"]\tsame\n[x].png\tbrackets\n");
        File.Copy(folder.In("top.png"), folder.In("[x].png"));
        Assert.That(
            ManifestFile.Load(folder.In("list"), AsWritten).Select(line => (line.Id, line.File, string.Concat(line.Symbols))),
            Is.EqualTo(new[]
            {
                ("b/1.png", folder.In("b", "1.png"), "same"), ("top.png", folder.In("top.png"), "same"), ("[x].png", folder.In("[x].png"), "brackets"),
            }));
    }

    [TestCase("[]\ta", "images: an empty list; expected at least one path.")]
    [TestCase("[1]\ta", "images[0]: 1; expected the path of an image.")]
    [TestCase("[\"b/1.png\",\"b/9.png\"]\ta", "the image is b/9.png; expected a file, but ~/b/9.png does not exist.")]
    public void A_wrong_list_of_images_is_refused(string line, string message)
    {
        using TemporaryFolder folder = Tree();
        File.WriteAllText(folder.In("list"), line);
        Assert.That(
            () => ManifestFile.Load(folder.In("list"), AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("list")}:1: {message.Replace("~", folder.Path, StringComparison.Ordinal)}"));
    }

    [Test]
    public void Paths_start_in_the_root_if_there_is_one()
    {
        using TemporaryFolder folder = Tree();
        Directory.CreateDirectory(folder.In("lists"));
        File.WriteAllText(folder.In("lists", "list"), "b/1.png\ta\n");
        Assert.That(ManifestFile.Load(folder.In("lists", "list"), AsWritten, folder.Path).Single().File, Is.EqualTo(folder.In("b", "1.png")));
        Assert.That(() => ManifestFile.Load(folder.In("lists", "list"), AsWritten), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void Damaged_trees_are_read_or_refused() => ReadDamaged(100);

    [Test]
    [Category("Long")]
    public void Many_damaged_trees_are_read_or_refused() => ReadDamaged(1000);

    [Test]
    public void A_folder_of_a_tree_has_ids_of_its_own()
    {
        using TemporaryFolder folder = Tree();
        Directory.CreateDirectory(folder.In("whole"));
        Directory.Move(folder.In("b"), folder.In("whole", "b"));
        string[] outer = [.. ManifestFile.Load(folder.In("whole"), AsWritten).Select(line => line.Id)];
        Assert.That(outer, Is.EqualTo(new[] { "b/1.png", "b/2.JPG" }));
        Assert.That(ManifestFile.Load(folder.In("whole", "b"), AsWritten).Select(line => line.Id), Is.EqualTo(new[] { "1.png", "2.JPG" }));
    }

    private static void ReadDamaged(int count)
    {
        using TemporaryFolder folder = Tree();
        var random = new Random(16);
        byte[] text = [.. "three"u8];
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(folder.In("a", "deep", "3.gt.txt"), DamagedText.Of(text, "\r\n\t \0"u8, random));
            try
            {
                Assert.That(ManifestFile.Load(folder.Path, AsWritten), Has.Count.EqualTo(6));
            }
            catch (InvalidDataException refusal)
            {
                Assert.That(refusal.Message, Does.StartWith(folder.In("a", "deep", "3.gt.txt")).And.Contain("expected"));
            }
        }
    }

    // a/deep/3 with a prepared image, b/1, b/2 without text, a page, a line at the top; and files that are no lines.
    private static TemporaryFolder Tree()
    {
        TemporaryFolder folder = PageSamples.Folder();
        File.WriteAllText(folder.In("page.xml"), PageSamples.Page(PageSamples.Page2019));
        Directory.CreateDirectory(folder.In("a", "deep"));
        Directory.CreateDirectory(folder.In("b"));
        Save("three\r\n", "a", "deep", "3", ".bin.png");
        Save("öne", "b", "1", ".png");
        Save("\n", "b", "2", ".JPG");
        Save("top\n", "top", ".png");
        File.WriteAllText(folder.In("b", "mets.xml"), "<mets/>");
        File.WriteAllText(folder.In("b", "README.txt"), "text");
        LineImage.Write(folder.In("b", "untold.png"), new Utterance("x", new float[8], 2, []));
        return folder;

        void Save(string text, params string[] path)
        {
            string stem = folder.In(path[..^1]);
            LineImage.Write(stem + path[^1], new Utterance("x", new float[8 + stem.Length * 4], 2 + stem.Length, []));
            File.WriteAllText(stem + ".gt.txt", text);
        }
    }
}
