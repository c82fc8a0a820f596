#:project ../src/Ctc.Experiments/Ctc.Experiments.csproj
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false

// dotnet run -c Release bench/make-lines.cs -- FOLDER LINES
//
// Writes a manifest of many lines of text and an experiment that trains on it, to measure memory and start-up: docs/performance.md. The images are
// 64 × about 2000 pixels, so that a data source of height 32 makes about 32 × 1000 features of each. A few hundred are drawn; the others are copies
// with trailing bytes of their own, which decoders ignore, so that no two files are equal.
using Ctc;
using Ctc.Experiments;
using Ctc.Experiments.Data.Common;
using Ctc.Hosting;
using Microsoft.Extensions.DependencyInjection;

const int drawn = 300, dev = 1000, test = 1000;
string folder = Path.GetFullPath(args[0]);
int lines = int.Parse(args[1]);
string images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;

PartFactory source = new ServiceCollection().AddCtcExperiments().BuildServiceProvider().GetRequiredService<PartCatalog>()
    .Find(typeof(IDataSource), "drawn-lines");
object options = Ctc.Configuration.Binding.PartOptions.Parse(
    source,
    "{ symbols: '0123456789', min-symbols: 48, max-symbols: 52, min-size: 56, max-size: 56, height: 64, max-gap: 12, noise: 0, " +
        $"train-lines: {drawn} }}",
    "options",
    ".");
Dataset data = ((IDataSource)source.CreatePart(options)).Load();
var files = new List<(byte[] Png, string Text, int Frames)>();
foreach (Utterance line in data.Train)
{
    string file = Path.Combine(folder, "one.png");
    LineImage.Write(file, line);
    files.Add((File.ReadAllBytes(file), data.Alphabet.Format(line.Target), line.Frames));
    File.Delete(file);
}

Write("train", lines);
Write("dev", Math.Min(dev, lines));
Write("test", Math.Min(test, lines));
File.WriteAllText(Path.Combine(folder, "lines.yaml"), """
    name: lines
    data: { source: manifest, train: train.txt, dev: dev.txt, test: test.txt, height: 32 }
    model: { encoder: conv, hidden: 16, layers: 2, stride: 4 }
    train: { epochs: 1, batch-size: 32, learning-rate: 3e-3, threads: 1 }
    """);
Console.WriteLine($"{lines} lines, {files.Average(file => file.Frames):f0} × 64 pixels on average, in {folder}");

void Write(string set, int count)
{
    Directory.CreateDirectory(Path.Combine(images, set));
    using StreamWriter manifest = File.CreateText(Path.Combine(folder, $"{set}.txt"));
    for (int i = 0; i < count; i++)
    {
        (byte[] png, string text, _) = files[i % files.Count];
        string name = $"images/{set}/{i}.png";
        using (FileStream image = File.Create(Path.Combine(folder, name)))
        {
            image.Write(png);
            image.Write(System.Text.Encoding.UTF8.GetBytes(name));
        }

        manifest.WriteLine($"{name}\t{text}");
    }
}
