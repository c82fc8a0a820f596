using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

public class SamplesTests
{
    [Test]
    public void Utterances_whose_ids_make_one_file_name_have_a_file_each()
    {
        using var folder = new TemporaryFolder();
        string longId = new('x', 300);
        string[] ids = ["a/b", "a_b", "a\\b", longId, longId + "y"];
        Samples.Write(folder.Path, new Writer(), [.. ids.Select(id => new Utterance(id, [0], 1, []))]);

        string[] written = Samples.Written(folder.Path);
        Assert.That(written, Has.Length.EqualTo(5).And.Unique);
        Assert.That(written.Take(3).Select(Path.GetFileName), Is.EqualTo(new[] { "a_b.txt", "2-a_b.txt", "3-a_b.txt" }));
        Assert.That(written.Select(File.ReadAllText).Take(2), Is.EqualTo(new[] { "a/b", "2-a_b" }));
    }

    private sealed class Writer : IDataSource
    {
        public Dataset Load() => throw new NotSupportedException();

        public Utterance Read(string file) => throw new NotSupportedException();

        public string? Write(Utterance utterance, string folder)
        {
            string file = Path.Combine(folder, FileName.From(utterance.Id) + ".txt");
            File.WriteAllText(file, utterance.Id);
            return file;
        }
    }
}
