import ArgumentParser
import PatchbayAPI
import PatchbayCLI
import PatchbayClient
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `Help` {
    @Test(arguments: ProblemCode.allCases) func `has a page for every code`(_ code: ProblemCode) async {
        let outcome = await Session().run("help", code.rawValue)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix(code.rawValue + "\n"))
        #expect(outcome.output.contains("exit code  \(ExitCodes.expected(code)), "))
    }

    @Test func `has pages for what is no command`() async throws {
        try await Transcript.expect(
            "help-topics", Session(),
            [
                ["help", "filters"], ["help", "output"], ["help", "exit-codes"], ["help", "environment"],
                ["help", "requests"],
            ])
    }

    @Test(.requirements("N44")) func `says what trust lets a function do`() async {
        let words = await Session().run("help", "requests").output
        for part in ["change its MAC address", "promiscuous and multicast promiscuous", "card, firmware and driver"] {
            #expect(words.contains(part))
        }
    }

    @Test func `of every command can be asked for and names what it does`() async {
        var stack: [(path: [String], type: any ParsableCommand.Type)] = [([], PatchbayCommand.self)]
        var count = 0
        while let (path, type) = stack.popLast() {
            let outcome = await Session().run(path + ["--help"])
            #expect(outcome.status == 0, "\(path)")
            #expect(outcome.output.contains("OVERVIEW: "), "\(path)")
            // A placeholder says what is wanted and is no value: <duration>, not <60s>.
            let placeholders = outcome.output.matches(of: /<[^<>]*>/).map(\.output)
            #expect(placeholders.allSatisfy { !$0.contains(where: \.isNumber) }, "\(path)")
            count += 1
            for line in type.configuration.discussion.split(separator: "\n") {
                let isSet = line.hasPrefix(" ") || line.contains("patchbay ")
                #expect(line.count <= 80 || !isSet, "\(path): too long for a terminal: \(line)")
                #expect(isSet || line.last.map { ".:?".contains($0) } == true, "\(path): broken twice: \(line)")
            }
            for command in type.configuration.subcommands {
                stack.append((path + [command.configuration.commandName ?? ""], command))
            }
        }
        #expect(count > 35)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `completes words in every shell`(_ shell: String) async {
        let outcome = await Session().run("completion", shell)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("passthrough"))
        #expect(outcome.output.contains("---completion"))
    }

    @Test func `names the version`() async {
        #expect(await Session().run("--version").output == "0.1.0\n")
        let session = Session()
        await session.service.fail(with: Problem(.serverUnreachable, "Gone."))
        let outcome = await session.run("version")
        #expect(outcome.output == "patchbay 0.1.0\nserver   not reachable\n")
        #expect(outcome.status == 0)
    }
}

@Suite struct `The server's address` {
    @Test func `comes from the flag, else the environment, else this machine`() async throws {
        var session = Session()
        #expect(await session.run("status").addresses == [.unix("/run/patchbay/patchbay.sock")])
        session.environment["PATCHBAY_SERVER"] = "http://boreas:8420/"
        #expect(await session.run("status").addresses == [.http("http://boreas:8420")])
        let named = await session.run("status", "--server", "unix:/tmp/p.sock")
        #expect(named.addresses == [.unix("/tmp/p.sock")])
        session.environment["PATCHBAY_SERVER"] = ""
        #expect(await session.run("status").addresses == [.unix("/run/patchbay/patchbay.sock")])
    }
}

@Suite struct `Sizes and times in words` {
    @Test(arguments: [(512, "512 MiB"), (10_240, "10 GiB"), (24_105, "23.5 GiB"), (524_288, "512 GiB")])
    func `say memory as people do`(_ size: (Int, String)) async throws {
        var host = Fleet.hosts[0]
        host.memoryMiB = size.0
        let session = Session()
        await session.service.replace(host)
        #expect(await session.run("host", "show", "atlas").output.contains(" · \(size.1) · "))
    }
}
