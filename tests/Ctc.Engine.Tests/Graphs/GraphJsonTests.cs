namespace Ctc.Engine.Tests.Graphs;

public class GraphJsonTests
{
    [Test]
    public void A_graph_is_read_as_it_is_written()
    {
        Graph graph =
            GraphJson.Parse("""{ "states": [0, 7], "arcs": [[0, 1], [1, 1, -0.5]], "initial": [[0]], "final": [[1, 2e-1]], "empty": -3 }""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(graph.Labels, Is.EqualTo(new long[] { 0, 7 }));
            Assert.That(graph.Arcs, Is.EqualTo(new GraphArc[] { new(0, 1), new(1, 1, -0.5) }));
            Assert.That(graph.Initial, Is.EqualTo(new ScoredState[] { new(0) }));
            Assert.That(graph.Final, Is.EqualTo(new ScoredState[] { new(1, 0.2) }));
            Assert.That(graph.Empty, Is.EqualTo(-3));
        }
    }

    [Test]
    public void States_may_name_symbols_where_somebody_knows_their_tokens()
    {
        using var document =
            System.Text.Json.JsonDocument.Parse("""{ "states": ["b", null, "sch"], "arcs": [], "initial": [[0]], "final": [[2]] }""");
        var alphabet = new Alphabet(["a", "b", "sch"]);
        Graph graph = GraphJson.Parse(document.RootElement, symbol => symbol is null ? alphabet.Blank : alphabet.Token(symbol));
        Assert.That(graph.Labels, Is.EqualTo(new long[] { 2, 0, 3 }));
    }

    [TestCase("1")]
    [TestCase("\"\"")]
    [TestCase("[]")]
    [TestCase("\"\\ud800\"")]
    public void What_is_no_symbol_is_refused_where_symbols_are_expected(string state)
    {
        using var document = System.Text.Json.JsonDocument.Parse($"{{\"states\":[{state}],\"arcs\":[],\"initial\":[],\"final\":[]}}");
        Assert.That(
            () => GraphJson.Parse(document.RootElement, _ => 0),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"states[0] is {state}; expected a symbol, or null for the blank"));
    }

    [Test]
    public void The_empty_path_is_not_accepted_unless_it_is_named() =>
        Assert.That(GraphJson.Parse("""{"states":[],"arcs":[],"initial":[],"final":[]}""").Empty, Is.EqualTo(double.NegativeInfinity));

    [TestCase("", "the graph is no JSON: line 1, byte 1 was not expected")]
    [TestCase("{\n\"states\": [0,],", "the graph is no JSON: line 2, byte 14 was not expected")]
    [TestCase("""{"\ud800":1}""", """the graph has a key '\ud800'; expected states, arcs, initial, final and perhaps empty""")]
    [TestCase("[1]", "the graph is [1]; expected an object")]
    [TestCase("null", "the graph is null; expected an object")]
    [TestCase("""{"states":[],"arcs":[],"initial":[]}""", "the graph has no key 'final'; expected states, arcs, initial, final")]
    [TestCase("""{"States":[]}""", "the graph has a key 'States'; expected states, arcs, initial, final and perhaps empty")]
    [TestCase("""{"states":[],"states":[]}""", "the graph has the key 'states' twice; expected it once")]
    [TestCase("""{"states":7,"arcs":[],"initial":[],"final":[]}""", "states is 7; expected a list")]
    [TestCase("""{"states":[0,1.5],"arcs":[],"initial":[],"final":[]}""", "states[1] is 1.5; expected a whole number")]
    [TestCase("""{"states":["a"],"arcs":[],"initial":[],"final":[]}""", "states[0] is \"a\"; expected a whole number")]
    [TestCase("""{"states":[-1],"arcs":[],"initial":[],"final":[]}""", "states[0] reads token -1; expected 0 or more.")]
    [TestCase("""{"states":[0],"arcs":[[0,0],[0]],"initial":[],"final":[]}""", "arcs[1] holds 1 values; expected [from, to] or [from, to, score]")]
    [TestCase("""{"states":[0],"arcs":[0],"initial":[],"final":[]}""", "arcs[0] is 0; expected [from, to] or [from, to, score]")]
    [TestCase("""{"states":[0],"arcs":[[0,"0"]],"initial":[],"final":[]}""", "arcs[0][1] is \"0\"; expected a whole number")]
    [TestCase("""{"states":[0],"arcs":[[0,0,"-inf"]],"initial":[],"final":[]}""", "arcs[0][2] is \"-inf\"; expected a finite number")]
    [TestCase("""{"states":[0],"arcs":[[0,0,-1e999]],"initial":[],"final":[]}""", "arcs[0][2] is -1e999; expected a finite number")]
    [TestCase("""{"states":[0],"arcs":[[0,1]],"initial":[],"final":[]}""", "arcs[0] goes to state 1; expected a state in [0, 1).")]
    [TestCase("""{"states":[0],"arcs":[],"initial":[[0,0,0]],"final":[]}""", "initial[0] holds 3 values; expected [state] or [state, score]")]
    [TestCase("""{"states":[0],"arcs":[],"initial":[],"final":[[0],[0]]}""", "final[1] is state 0 again; expected each state once.")]
    [TestCase("""{"states":[0],"arcs":[],"initial":[],"final":[],"empty":null}""", "empty is null; expected a finite number")]
    public void What_is_wrong_is_said_in_one_sentence(string json, string message) =>
        Assert.That(() => GraphJson.Parse(json), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));

    [Test]
    public void The_graphs_in_the_documentation_are_graphs()
    {
        string page = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "docs", "graphs.md"));
        string[] shown = [.. page.Split("```json").Skip(1).Select(rest => rest.Split("```")[0])];
        Assert.That(shown.Select(json => GraphJson.Parse(json).Labels.Count), Is.EqualTo(new[] { 2, 2 }));
    }

    [Test]
    public void Damaged_text_is_refused_or_read_and_nothing_else([Range(0, 19)] int seed)
    {
        const string Whole = """{"states":[0,1],"arcs":[[0,1,-0.5],[1,1]],"initial":[[0]],"final":[[1,0.25]],"empty":-1}""";
        const string Letters = "{}[]\",:-0123456789.eE\\u∞ \ud800";
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            char[] text = Whole.ToCharArray();
            for (int damage = 0; damage < random.Next(1, 4); damage++) text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            try
            {
                GraphJson.Parse(new string(text));
            }
            catch (InvalidDataException refused)
            {
                Assert.That(refused.Message, Is.Not.Empty);
            }
        }
    }
}
