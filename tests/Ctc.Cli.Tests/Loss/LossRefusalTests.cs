using System.Text;
using Ctc.Cli.Commands.Loss;
using Ctc.Tests;

namespace Ctc.Cli.Tests.Loss;

/// <summary>An invalid request: one sentence with the position, the value found and the value expected.</summary>
[NoTensorLeaks]
public class LossRefusalTests
{
    private const string Inputs = "\"inputs\":[[[0,0,0]],[[0,0,0]]]", Good = Inputs + ",\"targets\":[[1]]";

    [TestCase(Good + ",\"input_lenghts\":1", "unknown key 'input_lenghts'; did you mean 'input_lengths'?")]
    [TestCase(Good + ",\"layout\":\"VBT\"", "layout: \"VBT\"; expected one of BTV, TBV")]
    [TestCase(Good + ",\"layout\":\"TVB\"", "layout: \"TVB\"; did you mean 'TBV'?")]
    [TestCase(Good + ",\"layout\":1", "layout: 1; expected one of TBV, BTV")]
    [TestCase(Good + ",\"input\":\"logprobs\"", "input: \"logprobs\"; did you mean 'log-probs'?")]
    [TestCase(Good + ",\"dtype\":\"float16\"", "dtype: \"float16\"; did you mean 'float32'?")]
    [TestCase(Good + ",\"recursion\":\"fussed\"", "recursion: \"fussed\"; did you mean 'fused'?")]
    [TestCase(Good + ",\"outputs\":\"loss\"", "outputs: \"loss\"; expected a list of names")]
    [TestCase(Good + ",\"outputs\":[\"loss\",\"los\"]", "outputs[1]: \"los\"; did you mean 'loss'?")]
    [TestCase(Good + ",\"outputs\":[\"loss\",\"loss\"]", "outputs[1]: \"loss\"; expected each name once")]
    [TestCase(Good + ",\"parameters\":{\"asg.transitions\":[[0]]}",
        "parameters: unknown name 'asg.transitions'; expected a learned score of the objective, which has none")]
    [TestCase(Good + ",\"parameters\":[]", "parameters: a list; expected an object of names and numbers")]
    [TestCase(Good + ",\"objective\":{\"topology\":\"transducer\"}",
        "objective.topology is a transducer, whose networks belong to a run; expected a topology that reads the inputs alone.")]
    [TestCase(Good + ",\"blank\":3", "blank: 3; expected a token in [0, 3), or null")]
    [TestCase(Good + ",\"blank\":1", "targets[0][0]: 1; expected a token in [0, 3) other than the blank, 1")]
    [TestCase(Good + ",\"blank\":null", "objective: The topology ctc needs a blank, and the batch has none.")]
    [TestCase(Good + ",\"blank\":0,\"blank\":0", "the key 'blank' occurs twice; expected it once")]
    [TestCase(Good + ",\"input_lengths\":[1,2]", "input_lengths: 2 lengths; expected 1, one for each utterance")]
    [TestCase(Good + ",\"input_lengths\":[99999999999999999999]",
        "input_lengths[0]: 99999999999999999999; expected 0 to 2, the frames of the inputs")]
    [TestCase(Good + ",\"\\ud800\":1", "a key: half of a surrogate pair; expected text")]
    [TestCase(Good + ",\"layout\":\"\\ud800\"", "layout: half of a surrogate pair; expected text")]
    public void A_wrong_key_or_value(string members, string sentence) => Assert.That(LossInProcess.Refusal($"{{{members}}}"), Is.EqualTo(sentence));

    [TestCase("\"targets\":[[1]]", "missing key 'inputs'; expected [T][B][V] numbers")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,0,0],[0]]]", "inputs[0][1]: 1 number; expected 3, as in the first row")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,0]],[[0,0]],[[0,0],[0,0]]]", "inputs[2]: 2 lists; expected 1, as in the first list")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[0,0]]", "inputs[0][0]: 0; expected three lists, one in the other, of numbers")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,[0]]]]", "inputs[0][0][1]: a list; expected a finite number, \"-inf\", \"inf\" or \"nan\"")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,\"-Infinity\"]]]",
        "inputs[0][0][1]: \"-Infinity\"; expected a finite number, \"-inf\", \"inf\" or \"nan\"")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,1e999]]]", "inputs[0][0][1]: 1e999; expected a finite number, \"-inf\", \"inf\" or \"nan\"")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0,1e39]]],\"dtype\":\"float32\"",
        "inputs[0][0][1]: 1e39; expected a number that float32 holds, \"-inf\", \"inf\" or \"nan\"")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[0.5,-0.5]]],\"input\":\"probs\"", "inputs[0][0][1]: -0.5; expected a probability, 0 or more")]
    [TestCase("\"targets\":[[1]],\"inputs\":[[[]]]", "inputs: rows without numbers; expected at least one token")]
    [TestCase("\"targets\":[],\"inputs\":[]", "inputs: there are no numbers; expected a shape [T, B, V] beside them")]
    [TestCase("\"targets\":[],\"inputs\":[],\"shape\":[2,0,3]", "shape: [2, 0, 3]; expected [0, B, V], as in the inputs")]
    [TestCase("\"targets\":[],\"inputs\":[],\"shape\":[0,0]", "shape: 2 numbers; expected three: [T, B, V]")]
    [TestCase("\"targets\":[],\"inputs\":[],\"shape\":[0,0,0]", "shape[2]: 0; expected 1 or more")]
    [TestCase("\"targets\":[],\"inputs\":[],\"shape\":[0,4294967296,4294967296]",
        "shape: [0, 4294967296, 4294967296]; expected a product of at most 10000000")]
    public void Inputs_that_are_no_box_of_numbers(string members, string sentence) =>
        Assert.That(LossInProcess.Refusal($"{{{members}}}"), Is.EqualTo(sentence));

    [TestCase("\"targets\":1", "targets: 1; expected a list of tokens for each utterance")]
    [TestCase("\"targets\":[1]", "targets: tokens in one list; expected a list for each utterance, or target_lengths beside it")]
    [TestCase("\"targets\":[[1],[2]]", "targets: 2 lists; expected 1, one for each utterance")]
    [TestCase(
        "\"targets\":[[1,2.5]]",
        "targets[0][1]: 2.5; expected a whole number, written without a decimal point or an exponent: a token in [0, 3) other than the blank, 0")]
    [TestCase("\"targets\":[[3]]", "targets[0][0]: 3; expected a token in [0, 3) other than the blank, 0")]
    [TestCase("\"targets\":[1,2],\"target_lengths\":[1]", "targets: 2 tokens; expected 1, the sum of target_lengths")]
    [TestCase("\"targets\":[1,2],\"target_lengths\":[3]", "target_lengths[0]: 3; expected 0 to 2, the tokens of the targets")]
    [TestCase("\"targets\":[[1,2]],\"target_lengths\":[3]", "target_lengths[0]: 3; expected 0 to 2, the tokens of targets[0]")]
    public void Targets_that_do_not_fit(string members, string sentence) =>
        Assert.That(LossInProcess.Refusal($"{{{Inputs},{members}}}"), Is.EqualTo(sentence));

    [TestCase("{}", "graphs: an object; expected a graph, or null, for each utterance")]
    [TestCase("[]", "graphs: 0 items; expected 1, one for each utterance")]
    [TestCase("[1]", "graphs[0]: the graph is 1; expected an object")]
    [TestCase("[{\"states\":[]}]", "graphs[0]: the graph has no key 'arcs'; expected states, arcs, initial, final")]
    [TestCase("[{\"states\":[0,3],\"arcs\":[],\"initial\":[],\"final\":[]}]", "graphs[0]: states[1] is 3; expected a token in [0, 3)")]
    [TestCase("[{\"states\":[0],\"arcs\":[[0,1]],\"initial\":[],\"final\":[]}]", "graphs[0]: arcs[0] goes to state 1; expected a state in [0, 1)")]
    [TestCase("[{\"states\":[],\"\\ud800\":1}]", "graphs[0]: the graph has a key '\\ud800'; expected states, arcs, initial, final and perhaps empty")]
    public void Graphs_that_are_none(string graphs, string sentence) =>
        Assert.That(LossInProcess.Refusal($"{{{Good},\"graphs\":{graphs}}}"), Is.EqualTo(sentence));

    [TestCase("[]", "objective: a list; expected an object")]
    [TestCase("{\"weighting\":[\"focl\"]}", "objective: no loss weighting 'focl' was found; did you mean 'focal'?")]
    [TestCase("{\"weighting\":[{\"focal\":{\"gamma\":11}}]}", "objective: gamma is 11; expected 0 to 10")]
    [TestCase("{\"weighting\":[{\"focal\":{\"gama\":1}}]}", "objective: unknown key 'gama' in focal; did you mean 'gamma'?")]
    [TestCase("{\"reduction\":\"avg\"}", "objective: reduction is \"avg\"; expected one of none, sum, mean, mean-utterance, mean-token, mean-frame")]
    [TestCase("{\"reduction\":\"sum\",\"reduction\":\"sum\"}",
        "objective: the key 'reduction' occurs twice; expected it once, and it is in line 1 already")]
    public void An_objective_that_no_experiment_could_have(string objective, string sentence) =>
        Assert.That(LossInProcess.Refusal($"{{{Good},\"objective\":{objective}}}"), Is.EqualTo(sentence));

    [Test]
    public void An_infeasible_utterance_where_that_is_an_error() =>
        Assert.That(
            LossInProcess.Refusal($"{{{Inputs},\"targets\":[[1,1]],\"objective\":{{\"infeasible\":\"error\"}}}}"),
            Does.StartWith("1 of 1 utterances cannot be aligned with their targets: 0 has 2 frames and needs 3."));

    [TestCase(6_000, "\"recursion\":\"differentiable\"", "the differentiable recursion needs about 2.3 GB")]
    [TestCase(
        4_000,
        "\"recursion\":\"differentiable\",\"objective\":{\"auxiliary\":[\"entropy\"]}",
        "the differentiable recursion, recorded for a gradient, needs about 9.2 GB")]
    [Category("Slow")]
    public void Nor_can_they_where_the_differentiable_recursion_needs_more_than_the_fused(int frames, string member, string sentence)
    {
        int tokens = (frames / 2) - 1;
        string inputs = string.Join(',', Enumerable.Repeat("[[0,0]]", frames)), target = string.Join(',', Enumerable.Repeat("1", tokens));
        string request = $"\"inputs\":[{inputs}],\"targets\":[[{target}]]";
        Assert.That(
            LossInProcess.Refusal($"{{{request},{member},\"outputs\":[\"loss\",\"gradient\",\"occupancy\",\"viterbi\",\"entropy\"]}}"),
            Does.StartWith(
                $"inputs and targets: {sentence} for {frames} frames of 1 utterances with {(2 * tokens) + 1} states of 3 arcs each; " +
                "expected at most 2.0 GB."));
    }

    [Test]
    [Category("Slow")]
    public void A_few_letters_cannot_ask_for_a_huge_lattice()
    {
        string inputs = string.Join(',', Enumerable.Repeat("[[0,0]]", 10_000)), target = string.Join(',', Enumerable.Repeat("1", 500_000));
        Assert.That(
            LossInProcess.Refusal($"{{\"inputs\":[{inputs}],\"targets\":[[{target}]]}}"),
            Is.EqualTo(
                "inputs and targets: the fused recursion needs about 6.6 GB for 10000 frames of 1 utterances with 1000001 states of 3 arcs each; " +
                "expected at most 2.0 GB. Use shorter utterances, shorter targets or smaller batches"));
    }

    [TestCase(1, 1, 12_000, "graphs: the lattice needs about 7.7 GB for 2 utterances with 20001 states of 12000 arcs each")]
    [TestCase(0, 10_000, 12_000, "graphs: the lattice needs about 7.7 GB for 2 utterances with 20001 states of 12000 arcs each")]
    [TestCase(
        10_000, 10_000, 1,
        "inputs and targets: the differentiable recursion needs about 25.6 GB for 10000 frames of 2 utterances with 20001 states of 3 arcs each")]
    public void Nor_for_one_where_a_state_has_many_arcs(int frames, int states, int arcs, string sentence)
    {
        string inputs = string.Join(',', Enumerable.Repeat("[[0,0],[0,0]]", frames)), target = string.Join(',', Enumerable.Repeat("1", 10_000));
        string graph = $"{{\"states\":[{string.Join(',', Enumerable.Repeat("1", states))}],\"arcs\":[{string.Join(',', Enumerable.Repeat("[0,0]", arcs))}],\"initial\":[],\"final\":[]}}";
        Assert.That(
            LossInProcess.Refusal(
                $"{{\"shape\":[{frames},2,2],\"inputs\":[{inputs}],\"targets\":[[],[{target}]],\"graphs\":[{graph},null]," +
                "\"recursion\":\"differentiable\"}"),
            Is.EqualTo($"{sentence}; expected at most 2.0 GB. Use shorter utterances, shorter targets or smaller batches"));
    }

    [TestCase("reduction", "\"objective\": {\"reduction\": …}")]
    [TestCase("infeasible", "\"objective\": {\"infeasible\": …}")]
    [TestCase("zero_infinity", "\"objective\": {\"infeasible\": \"zero\"}")]
    [TestCase("topology", "\"objective\": {\"topology\": …}")]
    [TestCase("weighting", "\"objective\": {\"weighting\": …}")]
    [TestCase("log_probs", "\"inputs\" with \"input\": \"log-probs\"")]
    [TestCase("logits", "\"inputs\", which are logits by default")]
    [TestCase("labels", "\"targets\"")]
    [TestCase("label_lengths", "\"target_lengths\"")]
    public void The_names_of_other_toolkits_and_of_other_places_lead_to_the_key(string key, string place) =>
        Assert.That(LossInProcess.Refusal($"{{{Good},\"{key}\":1}}"), Is.EqualTo($"unknown key '{key}'; expected {place}"));

    [TestCase("\"blank\":0.0", "blank: 0.0; expected a whole number, written without a decimal point or an exponent: a token in [0, 3), or null")]
    [TestCase("\"shape\":[2.0,1,3]", "shape[0]: 2.0; expected a whole number, written without a decimal point or an exponent: 0, 1, 2, …")]
    [TestCase("\"input_lengths\":[2e0]",
        "input_lengths[0]: 2e0; expected a whole number, written without a decimal point or an exponent: 0 to 2, the frames of the inputs")]
    public void A_number_with_a_decimal_point_where_a_whole_one_is_wanted(string member, string sentence) =>
        Assert.That(LossInProcess.Refusal($"{{{Good},{member}}}"), Is.EqualTo(sentence));

    [TestCase("{\"inputs\":[[[\"\\ud800\",0]]],\"targets\":[[1]]}", "inputs[0][0][0]: half of a surrogate pair; expected text")]
    [TestCase("{\"inputs\":[[[0,0]]],\"targets\":[[1]],\"parameters\":{\"\\ud800\":1}}", "parameters: half of a surrogate pair; expected text")]
    public void Half_of_a_surrogate_pair_anywhere(string request, string sentence) =>
        Assert.That(LossInProcess.Refusal(request), Is.EqualTo(sentence));

    [Test]
    [Category("Slow")]
    public void Brackets_that_are_never_closed_take_linear_time()
    {
        const int lines = 50_000; // quadratic work would be 5·10⁹ steps: minutes
        (int exitCode, string[] answers) = LossInProcess.Run(string.Concat(Enumerable.Repeat("{\n", lines)));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(answers, Has.Length.EqualTo(lines).And.All.Contains("expected well-formed JSON"));
    }

    [Test]
    public void A_closed_standard_input_is_a_sentence()
    {
        using var to = new MemoryStream();
        Assert.That(LossCommand.Run(LossInProcess.Parts, [], null, to, TextWriter.Null), Is.EqualTo(2));
        Assert.That(Encoding.UTF8.GetString(to.ToArray()), Is.EqualTo("{\"error\":\"standard input: it is closed; expected JSON objects\"}\n"));
    }

    [TestCase("[1, 2]", "the request: a list; expected an object")]
    [TestCase("", "standard input: there is nothing; expected one or more JSON objects")]
    [TestCase(" \n\t", "standard input: there is nothing; expected one or more JSON objects")]
    [TestCase("\n  {\"inputs\": }", "standard input:2:14: '}' is an invalid start of a value; expected well-formed JSON")]
    [TestCase("{\"inputs\":[[[0]]", "standard input:1:17: a bracket is not closed; expected well-formed JSON")]
    public void Text_that_is_no_object(string text, string sentence) => Assert.That(LossInProcess.Refusal(text), Is.EqualTo(sentence));

    [Test]
    public void A_long_word_is_not_repeated_whole() =>
        Assert.That(
            LossInProcess.Refusal($"{{\"inputs\":nul{new string('x', 10_000)}}}"),
            Does.Match("^standard input:1:1[0-9]: 'nulx{45,50}…x+.*; expected well-formed JSON$").And.Length.LessThan(200));

    [Test]
    public void Bytes_that_are_no_UTF8()
    {
        (int exitCode, string[] lines) = LossInProcess.Run([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        Assert.That((exitCode, lines[0]), Is.EqualTo((2, """{"error":"standard input:1:3: found the byte 0xFF; expected JSON in UTF-8"}""")));
    }
}
