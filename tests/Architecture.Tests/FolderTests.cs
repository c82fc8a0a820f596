using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Architecture.Tests;

/// <summary>No two folders of one project depend on each other in a circle.</summary>
/// <remarks>A folder is a namespace, except in the contract: all of it is in the namespace Ctc, and its sources tell the folder of a type.</remarks>
public partial class FolderTests
{
    private const string Contract = "Ctc.Abstractions";

    private static readonly string[] Projects =
        [Contract, "Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons", "Ctc.Testing", "ctc"];

    private static readonly Dictionary<string, string> FolderInContract = Repository.Sources
        .Where(file => file.StartsWith($"src/{Contract}/", StringComparison.Ordinal))
        .SelectMany(file => Repository.Lines(file).Select(line => Declaration().Match(line)).Where(match => match.Success)
            .Select(match => (Type: match.Groups[1].Value, Folder: Path.GetDirectoryName(file)!)))
        .GroupBy(declared => declared.Type)
        .ToDictionary(declared => declared.Key, declared => declared.First().Folder);

    [TestCaseSource(nameof(Projects))]
    public void The_folders_of_a_project_form_no_circle(string project)
    {
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssembly(Assembly.Load(project)).Build();
        Dictionary<string, HashSet<string>> arrows = [];
        foreach (IType type in architecture.Types.Where(type => type.Namespace.FullName.Split('.')[0] == "Ctc"))
        {
            if (Folder(type) is not { } from) continue; // made by the compiler
            HashSet<string> to = arrows.TryGetValue(from, out HashSet<string>? known) ? known : arrows[from] = [];
            to.UnionWith(type.Dependencies
                .Where(dependency => dependency.Target is not GenericParameter) // some of them are those of another type
                .Where(dependency => type.Assembly.Equals(dependency.Target.Assembly))
                .Select(dependency => Folder(dependency.Target))
                .OfType<string>()
                .Where(target => target != from));
        }

        Assert.That(arrows.Count == 1 || arrows.Values.Any(to => to.Count > 0), $"no arrows were found among the folders of {project}");
        Assert.That(Circles(arrows), Is.Empty);
    }

    [GeneratedRegex(@"^\s*(?:public|internal) .*?(?:class|record struct|record|struct|interface|enum|delegate \w+) ([A-Z]\w*)")]
    private static partial Regex Declaration();

    private static string? Folder(IType type) =>
        type.Namespace.FullName != "Ctc" ? type.Namespace.FullName
        : FolderInContract.GetValueOrDefault(type.FullName.Split('.')[^1].Split('+', '`')[0]);

    private static IEnumerable<string> Circles(Dictionary<string, HashSet<string>> arrows) =>
        from a in arrows.Keys
        from b in arrows[a]
        where string.CompareOrdinal(a, b) < 0 && Reaches(arrows, b, a)
        select $"{a} and {b}";

    private static bool Reaches(Dictionary<string, HashSet<string>> arrows, string from, string to)
    {
        HashSet<string> seen = [from];
        var open = new Stack<string>(seen);
        while (open.TryPop(out string? next))
        {
            if (next == to) return true;
            foreach (string further in arrows.GetValueOrDefault(next, [])) if (seen.Add(further)) open.Push(further);
        }

        return false;
    }
}
