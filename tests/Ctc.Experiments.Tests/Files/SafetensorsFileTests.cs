using System.Text;
using Ctc.Experiments.Files;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Files;

public sealed class SafetensorsFileTests : IDisposable
{
    private const string Two =
        """{"__metadata__":{"kind":"é"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":""" +
        """{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""";

    private const string Misplaced = "its tensor a is not where its shape and the length of the file allow";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void A_file_put_together_by_hand_is_read()
    {
        using var scope = torch.NewDisposeScope();
        SafetensorsFile file = SafetensorsFile.Open(Written(Two, [0, 0, 128, 63, 0, 0, 0, 192, 7, 0, 0, 0, 0, 0, 0, 0]));
        Assert.That((file.Metadata["kind"], file.Names), Is.EqualTo(("é", new[] { "a", "b" })));
        Assert.That(file.Load("a").data<float>().ToArray(), Is.EqualTo(new[] { 1f, -2f }));
        Assert.That((file.Load("b").item<long>(), file.Load("b").dim()), Is.EqualTo((7L, 0L)));
    }

    // The rules that the format's own implementation checks at reading: the header is an object of the length that is written before it,
    // padded with spaces; places follow each other from 0 to the end without gaps, in the order of the numbers.
    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        using var scope = torch.NewDisposeScope();
        string path = folder.In("golden.safetensors");
        Tensor[] tensors = [torch.tensor(new[,] { { 1f, -2f } }), torch.tensor(7L), torch.zeros(0, 3), torch.tensor(new[] { true, false })];
        SafetensorsFile.Write(
            path,
            new OrderedDictionary<string, string> { ["run"] = "0f", ["symbols"] = "[\"a\"]" },
            [("layer.weight", torch.float32, [1, 2]), ("seen", torch.int64, []), ("none", torch.float32, [0, 3]), ("mask", torch.@bool, [2])],
            stream =>
            {
                foreach (Tensor tensor in tensors.Where(tensor => tensor.numel() > 0)) stream.Write(tensor.bytes);
            });
        const string Header =
            """{"__metadata__":{"run":"0f","symbols":"[\u0022a\u0022]"},"layer.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}""" +
            ""","seen":{"dtype":"I64","shape":[],"data_offsets":[8,16]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[16,16]}""" +
            ""","mask":{"dtype":"BOOL","shape":[2],"data_offsets":[16,18]}}""";
        byte[] text = Encoding.UTF8.GetBytes(Header.PadRight((Header.Length + 7) / 8 * 8));
        byte[] numbers = [0, 0, 128, 63, 0, 0, 0, 192, 7, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        byte[] length = [(byte)text.Length, (byte)(text.Length >> 8), 0, 0, 0, 0, 0, 0];
        Assert.That(File.ReadAllBytes(path), Is.EqualTo((byte[])[.. length, .. text, .. numbers]));
    }

    [Test]
    public void What_is_written_is_read_again_and_the_numbers_begin_at_a_multiple_of_eight_bytes()
    {
        using var scope = torch.NewDisposeScope();
        Tensor[] tensors =
        [
            torch.randn(2, 3), torch.randn([4], torch.float64), torch.arange(5), torch.tensor(new[] { true, false }), torch.zeros(0, 7),
            torch.randn(3).to(torch.float16), torch.randn(3).to(torch.bfloat16),
        ];
        string path = folder.In("x.safetensors");
        SafetensorsFile.Write(
            path,
            new Dictionary<string, string> { ["a\"b"] = "c\n" },
            [.. tensors.Select((tensor, i) => ($"tensor {i}", tensor.dtype, tensor.shape))],
            stream =>
            {
                foreach (Tensor tensor in tensors) stream.Write(tensor.numel() == 0 ? [] : tensor.bytes);
            });
        Assert.That(BitConverter.ToInt64(File.ReadAllBytes(path)) % 8, Is.Zero);
        SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.That(file.Metadata["a\"b"], Is.EqualTo("c\n"));
        for (int i = 0; i < tensors.Length; i++)
        {
            Tensor found = file.Load($"tensor {i}");
            Assert.That((found.dtype, found.shape), Is.EqualTo((tensors[i].dtype, tensors[i].shape)));
            Assert.That(found.equal(tensors[i]).all().item<bool>(), Is.True);
        }
    }

    [TestCase("", "Unable to read beyond the end of the stream")]
    [TestCase("[]", "The requested operation requires an element of type 'Object', but the target element has type 'Array'")]
    [TestCase("{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}", "its tensor a has the type F31")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", Misplaced)]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,-8]}}", Misplaced)]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}", Misplaced)]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,3],\"data_offsets\":[0,8]}}", "Arithmetic operation resulted in an overflow")]
    [TestCase("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "The given key was not present in the dictionary")]
    public void A_damaged_file_is_a_sentence(string header, string reason)
    {
        string path = header.Length == 0 ? folder.In("empty.safetensors") : Written(header, new byte[16]);
        if (header.Length == 0) File.WriteAllText(path, "");
        Assert.That(
            () => SafetensorsFile.Open(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{path} is no file of safetensors: {reason}; expected one that is whole."));
    }

    [Test]
    public void Every_file_that_is_cut_off_is_a_sentence()
    {
        byte[] whole = File.ReadAllBytes(Written(Two, new byte[16]));
        for (int kept = 0; kept < whole.Length; kept++)
        {
            File.WriteAllBytes(folder.In("cut.safetensors"), whole[..kept]);
            Assert.That(() => SafetensorsFile.Open(folder.In("cut.safetensors")), Throws.TypeOf<InvalidDataException>(), $"{kept} bytes");
        }
    }

    private string Written(string header, byte[] numbers)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(folder.In("hand.safetensors"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. numbers]);
        return folder.In("hand.safetensors");
    }
}
