using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Architecture.Tests;

/// <summary>No two folders of one project depend on each other in a circle. A folder is a namespace, except in the contract, where all is in Ctc.</summary>
public class FolderTests
{
    private static readonly string[] Projects =
        ["Ctc.Engine", "Ctc.Hosting", "Ctc.Configuration", "Ctc.Experiments", "Ctc.Comparisons", "Ctc.Testing", "ctc"];

    [TestCaseSource(nameof(Projects))]
    public void The_folders_of_a_project_form_no_circle(string project)
    {
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader().LoadAssembly(Assembly.Load(project)).Build();
        Dictionary<string, HashSet<string>> arrows = [];
        foreach (IType type in architecture.Types.Where(type => type.Namespace.FullName.StartsWith("Ctc.", StringComparison.Ordinal)))
        {
            string from = type.Namespace.FullName;
            HashSet<string> to = arrows.TryGetValue(from, out HashSet<string>? known) ? known : arrows[from] = [];
            to.UnionWith(type.Dependencies
                .Where(dependency => dependency.Target is not GenericParameter) // some of them are those of another type
                .Where(dependency => type.Assembly.Equals(dependency.Target.Assembly))
                .Select(dependency => dependency.Target.Namespace.FullName)
                .Where(target => target != from));
        }

        Assert.That(Circles(arrows), Is.Empty);
    }

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
