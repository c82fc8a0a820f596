#:project ../src/Ctc.Abstractions/Ctc.Abstractions.csproj
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true

// apt-get install asterisk-core-sounds-{en,es,fr,it}{,-wav}
// dotnet run -c Release bench/make-prompts.cs -- FILE.jsonl en es fr it
//
// Writes a manifest of real speech: the prompts of the telephone exchange Asterisk, which Debian has in five languages (en, es, fr, it, ru), with one
// voice for each, in 8 kHz. Texts are lower-case letters, apostrophes and spaces. Prompts with digits or remarks in brackets are left out, for what
// was said is not what is written, and so are words that a prompt repeats: of equal texts of a language the first is taken. ROOT, an environment
// variable, is a folder in which the packages are unpacked; by default it is /.
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

string root = Environment.GetEnvironmentVariable("ROOT") ?? "/";
using var manifest = new StreamWriter(args[0]);
foreach (string language in args.Skip(1))
{
    string sounds = Directory.GetDirectories(Path.Combine(root, "usr/share/asterisk/sounds"), $"{language}_*").Single();
    using Stream file = File.OpenRead(Path.Combine(root, $"usr/share/doc/asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz"));
    using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
    var seen = new HashSet<string>();
    while (lines.ReadLine() is { } line)
    {
        if (line.StartsWith(';') || line.IndexOf(": ", StringComparison.Ordinal) is not (> 0 and int colon)) continue;
        string sound = Path.Combine(sounds, $"{line[..colon]}.wav"), said = line[(colon + 2)..];
        string text = Letters(said);
        if (said.Any(c => char.IsDigit(c) || c is '[' or '(' or '<') || text.Length == 0 || !File.Exists(sound)) continue;
        if (!seen.Add(text) || !seen.Add(sound)) continue;
        manifest.WriteLine(JsonSerializer.Serialize(new { audio_filepath = sound, text, speaker = Path.GetFileName(sounds) }));
    }
}

static string Letters(string said)
{
    var letters = new StringBuilder();
    foreach (char c in said.Normalize(NormalizationForm.FormC).ToLower(CultureInfo.InvariantCulture).Replace('’', '\''))
    {
        letters.Append(char.IsLetter(c) || c == '\'' ? c : ' ');
    }

    return Regex.Replace(letters.ToString(), " +", " ").Trim();
}
