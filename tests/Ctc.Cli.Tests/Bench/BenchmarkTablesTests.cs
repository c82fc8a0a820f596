using System.Globalization;
using System.Text.Json;
using Ctc.Cli.Commands.Bench;

namespace Ctc.Cli.Tests.Bench;

internal sealed class BenchmarkTablesTests
{
    private const string Page = """
        # Speed

        <!-- bench: losses -->

        | old |
        |---|
        | 1 |

        Between.

        <!-- bench: losses AVX2 -->

        Behind, without a table.

        <!-- bench: growth -->

        | stays |
        |---|
        """;

    [Test]
    public void Figures_of_three_runs_are_their_median_with_minimum_and_maximum_and_everything_else_stays()
    {
        (string page, IReadOnlyList<string> written) = Replace(Page, Run(9.0, 1234), Run(11.0, 1000), Run(8.5, 1111), Run(7.0, 500, "AVX2"));

        Assert.That(written, Is.EqualTo(new[] { "losses", "losses AVX2" }));
        Assert.That(page, Is.EqualTo("""
            # Speed

            <!-- bench: losses -->

            | shape T×B×V, U | threads | fused × | differentiable × | built-in | fused | differentiable |
            |---|---|---|---|---|---|---|
            | primer: 128×256×32, 60 | 1 | 9.0 (8.5 to 11.0) | 2.0 | 1,111 (1,000 to 1,234) | 12.3 | 70.0 |

            Between.

            <!-- bench: losses AVX2 -->

            | shape T×B×V, U | threads | fused × | differentiable × | built-in | fused | differentiable |
            |---|---|---|---|---|---|---|
            | primer: 128×256×32, 60 | 1 | 7.0 | 2.0 | 500 | 12.3 | 70.0 |

            Behind, without a table.

            <!-- bench: growth -->

            | stays |
            |---|
            """));
    }

    [Test]
    public void Written_twice_a_page_is_the_same()
    {
        string once = Replace(Page, Run(9.0, 1234)).Page;

        Assert.That(Replace(once, Run(9.0, 1234)).Page, Is.EqualTo(once));
    }

    [Test]
    public void Of_two_runs_the_range_is_given_alone() =>
        Assert.That(Replace(Page, Run(9.0, 1234), Run(11.0, 1000)).Page, Does.Contain("| 9.0 to 11.0 | 2.0 | 1,000 to 1,234 |"));

    [Test]
    public void An_unknown_table_and_a_page_without_tables_are_refused()
    {
        Assert.That(
            () => Replace("a\n<!-- bench: loses -->", Run(1, 1)),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("page.md:2: found the table 'loses'; expected one of losses, growth, "));
        Assert.That(
            () => Replace("a", Run(1, 1)),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "page.md: there is no line such as <!-- bench: losses -->; expected one above each table."));
    }

    [Test]
    public void The_tables_of_the_page_on_performance_have_the_columns_that_the_command_writes()
    {
        string[] lines = File.ReadAllLines(Path.Combine(CtcCommand.Repository, "docs", "performance.md"));
        var named = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("<!-- bench: ", StringComparison.Ordinal)) continue;
            string name = lines[i].Split(' ')[2];
            named.Add(name);
            Assert.That(lines[i + 2], Is.EqualTo(BenchmarkTables.All[name].Header), name);
        }

        Assert.That(named.Distinct(), Is.EquivalentTo(BenchmarkTables.All.Keys));
    }

    [Test]
    public void The_command_writes_the_page_and_names_its_tables()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            (string page, string run) = (Path.Combine(folder, "page.md"), Path.Combine(folder, "1.json"));
            File.WriteAllText(page, Page);
            File.WriteAllText(run, Run(9.0, 1234).GetRawText());

            CommandOutput output = CtcInProcess.Run("bench", "--tables", page, run);
            Assert.That((output.ExitCode, output.Output, output.Error), Is.EqualTo((0, $"{page}: losses\n", "")));
            Assert.That(File.ReadAllText(page), Is.EqualTo(Replace(Page, Run(9.0, 1234)).Page));

            File.WriteAllText(run, "[]");
            output = CtcInProcess.Run("bench", "--tables", page, run);
            Assert.That(output.ExitCode, Is.EqualTo(2));
            Assert.That(output.Error, Does.Contain($"{run}: found something else than the output of ctc bench --json; expected that."));
            Assert.That(CtcInProcess.Run("bench", "--tables", page).Error, Does.Contain("--tables is given without a file"));
            Assert.That(CtcInProcess.Run("bench", run).Error, Does.Contain("is given without --tables"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string Page, IReadOnlyList<string> Written) Replace(string page, params JsonElement[] runs) =>
        BenchmarkTables.Replace(page, "page.md", runs);

    private static JsonElement Run(double ratio, double builtIn, string instructions = "AVX-512") => JsonDocument.Parse(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {
          "machine": { "instructions": "{{instructions}}" },
          "cases": [
            {
              "name": "given", "shape": { "T": 128, "B": 256, "V": 32, "U": 60 }, "threads": 1,
              "built_in_ms": {{builtIn}}, "fused_ms": 12.345, "differentiable_ms": 70, "ratio_fused": {{ratio}}, "ratio_differentiable": 2
            }
          ]
        }
        """)).RootElement;
}
