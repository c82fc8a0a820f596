using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Files;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Cache;

public class FeatureCacheTests
{
    private static readonly float[][] Numbers =
    [
        [0, 1, 51 / 255f, 254 / 255f], // greys of an image
        [0.1f, -3, 1e30f, float.Epsilon, -0f],
        [.. Enumerable.Range(0, 5000).Select(i => (float)Math.Sin(i))],
        [],
        [float.NaN, float.PositiveInfinity, 255, 256, -1 / 255f],
    ];

    private TemporaryFolder folder = new();
    private List<string> notes = [];

    [SetUp]
    public void Empty() => (folder, notes) = (new TemporaryFolder(), []);

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Features_are_computed_once_and_are_the_same_bits_afterwards()
    {
        using FeatureCache first = Open(), second = Open();
        AssertNumbers(Prepare(first));
        AssertNumbers(Prepare(second));
        Assert.That((first.Computed, second.Computed, notes.Count), Is.EqualTo((Numbers.Length, 0, 0)));
    }

    [Test]
    public void Only_what_is_missing_is_computed()
    {
        using FeatureCache cache = Open();
        cache.Prepare("method", ["b", "c"], i => Numbers[i + 1]);
        Assert.That(cache.Computed, Is.EqualTo(2));
        AssertNumbers(Prepare(cache));
        Assert.That(cache.Computed, Is.EqualTo(Numbers.Length));
    }

    [Test]
    public void Other_content_and_another_method_are_other_features()
    {
        using FeatureCache cache = Open();
        StoredFeatures One(string method, string content, float number) => cache.Prepare(method, [content], _ => [number])[0];
        StoredFeatures[] all = [One("m", "x", 1), One("m", "y", 2), One("n", "x", 3), One("m", "x", 4)];
        Assert.That(all.Select(features => Copy(features)[0]), Is.EqualTo(new float[] { 1, 2, 3, 1 }));
    }

    [Test]
    public void Copies_of_an_input_are_computed_once()
    {
        using FeatureCache cache = Open();
        IReadOnlyList<StoredFeatures> all = cache.Prepare("method", ["x", "y", "x"], i => [i]);
        Assert.That(all.Select(features => Copy(features)[0]), Is.EqualTo(new float[] { 0, 1, 0 }));
        Assert.That(cache.Computed, Is.EqualTo(2));
    }

    [Test]
    [Category("Slow")]
    public void Features_are_not_held_in_memory()
    {
        const int inputs = 200, count = 32 * 1000;
        using FeatureCache cache = Open();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        IReadOnlyList<StoredFeatures> all = cache.Prepare("method", [.. Enumerable.Range(0, inputs).Select(i => $"{i}")], i => Made(i, count));
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(held, Is.LessThan(1_000_000), "of 25.6 MB");
        float[] room = new float[count];
        foreach (int i in new[] { 0, 77, inputs - 1 })
        {
            all[i].Read(room);
            Assert.That(room.AsSpan().SequenceEqual(Made(i, count)), Is.True);
        }
    }

    [Test]
    public void What_is_damaged_while_it_is_used_is_computed_again_now_and_at_the_next_start([Values] bool cut)
    {
        using FeatureCache first = Open(), second = Open();
        IReadOnlyList<StoredFeatures> all = Prepare(first);
        Damage(Packs().Single(), cut);
        AssertNumbers(all);
        Assert.That(notes, Has.Count.EqualTo(1).And.Some.EndsWith(".pack is damaged and is deleted; its features are computed again."));
        AssertNumbers(Prepare(second));
        Assert.That(second.Computed, Is.EqualTo(Numbers.Length));
    }

    [TestCase(0)] // the header
    [TestCase(40)] // the first number, of which the checksum is found wrong when it is read
    [TestCase(-1)] // the index
    public void A_file_with_any_changed_byte_gives_the_right_numbers(int at)
    {
        using FeatureCache first = Open(), second = Open();
        Prepare(first);
        string pack = Packs().Single();
        byte[] bytes = File.ReadAllBytes(pack);
        bytes[at < 0 ? ^1 : at] ^= 1;
        File.Delete(pack); // another file: the first cache has mapped the old one
        File.WriteAllBytes(pack, bytes);
        AssertNumbers(Prepare(second));
        Assert.That(notes, Has.Count.EqualTo(1));
    }

    [Test]
    public void Inputs_that_cannot_be_computed_are_named_together_and_the_others_stay([Values] bool isKept)
    {
        using FeatureCache first = isKept ? Open() : new FeatureCache(null, notes.Add), second = Open();
        float[] Fail(int i) => i is not (1 or 3) ? Numbers[i] : throw new InvalidDataException($"no image {i}");
        Assert.That(
            () => first.Prepare("method", Contents, Fail), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("no image 1\nno image 3"));
        AssertNumbers(Prepare(second));
        Assert.That((second.Computed, notes.Count), Is.EqualTo((isKept ? 2 : Numbers.Length, 0)));
        Assert.That(() => second.Prepare("method", ["new"], _ => throw new IOException("gone")), Throws.TypeOf<IOException>());
        Assert.That(notes, Is.Empty, "an image that is gone is no fault of the cache");
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_told_once_and_features_are_computed_each_time()
    {
        File.WriteAllText(folder.In("file"), "");
        using var cache = new FeatureCache(folder.In("file", "inner"), notes.Add);
        IReadOnlyList<StoredFeatures> all = Prepare(cache);
        AssertNumbers(all);
        AssertNumbers(all);
        Assert.That(cache.Computed, Is.EqualTo(3 * Numbers.Length));
        Assert.That(notes, Has.Count.EqualTo(1));
        Assert.That(notes[0], Does.StartWith($"Features cannot be kept in {folder.In("file", "inner")}: ").And
            .EndsWith(". They are computed again each time that they are needed, which is slower."));
    }

    [Test]
    public void Without_a_folder_nothing_is_kept()
    {
        AssertNumbers(Prepare(FeatureCache.None));
        using FeatureCache cache = new(null, notes.Add);
        int calls = 0;
        StoredFeatures changed = cache.Prepare("method", ["x"], _ => new float[++calls])[0];
        Assert.That(
            () => Copy(changed),
            Throws.TypeOf<InvalidDataException>().With.Message
                .EqualTo("An input has 2 features now, and 1 at the start; expected no change of files during a run."));
    }

    [Test]
    public void A_second_cache_waits_for_the_one_that_computes()
    {
        using FeatureCache first = Open(), second = Open();
        using var begun = new ManualResetEventSlim();
        using var waits = new ManualResetEventSlim();
        using var waiting = new FeatureCache(folder.Path, sentence => waits.Set());
        Task<IReadOnlyList<StoredFeatures>> other = Task.Run(() =>
        {
            begun.Wait();
            return Prepare(waiting);
        });
        first.Prepare("method", Contents, i =>
        {
            begun.Set();
            Assert.That(waits.Wait(TimeSpan.FromSeconds(30)), Is.True);
            return Numbers[i];
        });
        AssertNumbers(other.Result);
        Assert.That(waiting.Computed, Is.Zero);
    }

    [Test]
    public void What_a_killed_process_left_is_removed()
    {
        File.WriteAllText(folder.In("half.pack.new"), "half");
        using FeatureCache cache = Open();
        AssertNumbers(Prepare(cache));
        Assert.That(Directory.GetFiles(folder.Path, "*.new"), Is.Empty);
    }

    [Test]
    public void Clearing_deletes_the_packs_alone_and_leaves_readers_their_numbers()
    {
        File.WriteAllText(folder.In("mine.txt"), "mine");
        using FeatureCache cache = Open();
        IReadOnlyList<StoredFeatures> all = Prepare(cache);
        (int files, long bytes) = FeatureCache.Measure(folder.Path);
        Assert.That((files, bytes), Is.EqualTo((1, new FileInfo(Packs().Single()).Length)));
        Assert.That(FeatureCache.Clear(folder.Path), Is.EqualTo((files, bytes)));
        Assert.That(FeatureCache.Measure(folder.Path), Is.EqualTo((0, 0)));
        Assert.That(File.Exists(folder.In("mine.txt")), Is.True);
        AssertNumbers(all);
        Assert.That(FeatureCache.Clear(folder.In("none")), Is.EqualTo((0, 0)));
    }

    private static string[] Contents => [.. Numbers.Select((_, i) => $"{(char)('a' + i)}")];

    private static IReadOnlyList<StoredFeatures> Prepare(FeatureCache cache) => cache.Prepare("method", Contents, i => Numbers[i]);

    private static void AssertNumbers(IReadOnlyList<StoredFeatures> all) => Assert.That(
        all.Select(features => Copy(features).Select(BitConverter.SingleToUInt32Bits)),
        Is.EqualTo(Numbers.Select(numbers => numbers.Select(BitConverter.SingleToUInt32Bits))));

    private static float[] Copy(StoredFeatures features)
    {
        float[] room = new float[features.Count];
        features.Read(room);
        return room;
    }

    private static float[] Made(int input, int count) => [.. Enumerable.Range(0, count).Select(k => (float)Math.Sin(input + k))];

    private static void Damage(string pack, bool cut)
    {
        using var stream = new FileStream(pack, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (cut) stream.SetLength(50);
        else stream.Write(new byte[stream.Length]);
    }

    private string[] Packs() => Directory.GetFiles(folder.Path, "*.pack");

    private FeatureCache Open() => new(folder.Path, notes.Add);
}
