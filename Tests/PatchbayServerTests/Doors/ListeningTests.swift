import Foundation
import Glibc
import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayTesting
import Testing

/// The program as it is built, before connections that mean no good.
@Suite(.serialized, .timeLimit(.minutes(10))) struct `A server's listeners` {
    private func inside(
        files: Int? = nil, softFiles: Int? = nil, options: [String] = [],
        _ body: (ServerProcess, Int, _ folder: String) async throws -> Void
    ) async throws {
        let folder = "/tmp/pb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try ServerProcess(in: folder, files: files, softFiles: softFiles, options: options)
        let port = try #require(await server.port(), "\(Self.log(folder))")
        try await body(server, port, folder)
    }

    private static func log(_ folder: String) -> String {
        (try? String(contentsOfFile: ServerProcess.log(in: folder), encoding: .utf8)) ?? ""
    }

    /// Descriptor → `socket:[12345]`.
    /// `socket:[INODE]` of what listens or is connected at a port of this machine, and of a unix socket
    /// (`/proc/net/tcp`, `/proc/net/unix`).
    private static func sockets(onPort port: Int, orAt path: String) throws -> Set<String> {
        let local = ":" + String(port, radix: 16, uppercase: true).leftPadded(to: 4)
        let tcp = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let unix = try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        let inodes =
            tcp.filter { $0.count > 9 && $0[1].hasSuffix(local) }.map { $0[9] }
            + unix.filter { $0.count > 7 && $0[7].hasPrefix(path) }.map { $0[6] }
        return Set(inodes.map { "socket:[\($0)]" })
    }

    private static func sockets(in folder: String) -> [String: String] {
        var sockets: [String: String] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            if let target, target.hasPrefix("socket:") { sockets[name] = target }
        }
        return sockets
    }

    private static func answers(_ connection: @autoclosure () throws -> RawConnection) -> Int? {
        guard let connection = try? connection() else { return nil }
        connection.say("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return connection.status(seconds: 2)
    }

    @Test func `answer while 1,300 connections say nothing`() async throws {
        try await inside(files: 1024) { server, port, folder in
            var files = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
            try #require(files.rlim_max >= 2048, "this test needs files of its own: ulimit -Hn")
            files.rlim_cur = files.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
            var silent = try (0..<1300).map { number in
                let connection = try RawConnection(port: port)
                // Some begin to say something.
                if number % 3 == 0 { connection.say("GET / HTTP/1.1\r\nHost: 127") }
                return connection
            }
            let start = ContinuousClock.now
            let answers = [
                Self.answers(try RawConnection(socket: folder + "/s")), Self.answers(try RawConnection(port: port)),
            ]
            let duration = start.duration(to: .now)
            #expect(answers == [200, 401])
            #expect(duration < .seconds(1), "\(silent.count) connections")
            silent = []
            server.kill()
        }
    }

    @Test func `may have as many files open as the system allows`() async throws {
        try await inside(softFiles: 256) { server, _, _ in
            let limits = try String(contentsOfFile: "/proc/\(server.pid)/limits", encoding: .utf8)
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
            let words = line.split(separator: " ")
            #expect(words[3] == words[4] && words[3] != "256")
        }
    }

    @Test func `end within two seconds while a stream is open and an agent waits`() async throws {
        try await inside { server, port, folder in
            let token = try String(contentsOfFile: folder + "/token", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let stream = try RawConnection(port: port)
            let head = "HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n"
            stream.say("GET /v1/events?follow=true \(head)\r\n")
            #expect(stream.status() == 200)
            let poll = try RawConnection(port: port)
            poll.say("GET /v1/agent/atlas/work?wait=25 \(head)\r\n")
            let half = try RawConnection(port: port)
            half.say("POST /v1/pools \(head)Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            // The server has read what came before this.
            #expect(Self.answers(try RawConnection(port: port)) == 401)
            let start = ContinuousClock.now
            server.terminate()
            let code = await server.exitCode()
            let duration = start.duration(to: .now)
            #expect(duration < .seconds(2), "\(Self.log(folder))")
            #expect(code == 0)
            // By itself: nothing had to be cut off.
            #expect(!Self.log(folder).contains("stopped while"), "\(Self.log(folder))")
        }
    }

    @Test func `end within two seconds while requests compute`() async throws {
        try await inside { server, port, folder in
            try await ScriptedAgent(server.client, LargeHost.inventory(virtualFunctions: 240)).report()
            let rule = Drafts.rule("all", "vendor", "=", "15b3")
            _ = try await server.client.applyPolicy(
                API.PolicyDraft(pools: [Drafts.pool("nics", [rule])]), dryRun: false)
            // More than there are, so that it is looked for what would make room.
            let draft = API.ClaimDraft(
                owner: API.ClaimOwner(kind: .system, name: "job"),
                requests: [API.RequestDraft(pool: "nics", count: 64), API.RequestDraft(pool: "nics", count: 200)])
            let body = String(decoding: try JSONEncoder().encode(draft), as: UTF8.self)
            let asking = try (0..<80).map { _ in
                let connection = try RawConnection(socket: folder + "/s")
                connection.say(
                    "POST /v1/claims/explain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                return connection
            }
            // After the first answer the others are being worked out.
            let first = asking[0].status(seconds: 60)
            #expect(first == 200)
            let start = ContinuousClock.now
            server.terminate()
            let code = await server.exitCode()
            let duration = start.duration(to: .now)
            #expect(duration < .seconds(2), "\(Self.log(folder))")
            #expect(code == 0)
            let answered = asking.count { $0.status(seconds: 1) == 200 }
            #expect(answered < asking.count - 1, "nothing was being computed")
        }
    }

    @Test func `leave a socket to the server that answers there`() async throws {
        try await inside { server, _, folder in
            let second = folder + "/second"
            try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: true)
            let other = try ServerProcess(in: second, socket: folder + "/s")
            // Today it takes the socket and serves.
            let takes = await other.port() != nil
            if takes { other.terminate() }
            let code = await other.exitCode()
            #expect(code == 4, "\(Self.log(second))")
            #expect(Self.log(second).contains("\(server.pid)"), "\(Self.log(second))")
            #expect(Self.answers(try RawConnection(socket: folder + "/s")) == 200)
        }
    }

    @Test func `use a socket that a dead server left`() async throws {
        try await inside { server, _, folder in
            server.kill()
            _ = await server.wasKilled()
            #expect(FileManager.default.fileExists(atPath: folder + "/s"))
            let next = try ServerProcess(in: folder)
            #expect(await next.port() != nil)
            next.terminate()
            #expect(await next.exitCode() == 0)
            #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
        }
    }

    @Test func `say who has the port`() async throws {
        try await inside { server, port, folder in
            let second = folder + "/second"
            try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: true)
            let other = try ServerProcess(in: second, listen: "127.0.0.1:\(port)")
            let code = await other.exitCode()
            let log = Self.log(second)
            #expect(code == 4, "\(log)")
            #expect(log.contains("process \(server.pid)"), "\(log)")
            #expect(log.contains("--listen"), "\(log)")
            #expect(!log.contains("CancellationError"), "\(log)")
        }
    }

    @Test func `are not handed to programs that the server starts`() async throws {
        try await inside { server, port, folder in
            // It says nothing, so the server keeps it open.
            let silent = try RawConnection(port: port)
            defer { withExtendedLifetime(silent) {} }
            // Others are inherited from this process, where tests beside this one have sockets.
            var sockets: [String] = []
            let deadline = ContinuousClock.now + .seconds(60)
            while sockets.count < 2, .now < deadline {
                let its = try Self.sockets(onPort: port, orAt: folder + "/")
                sockets = Self.sockets(in: "/proc/\(server.pid)/fd").filter { its.contains($0.value) }.keys.sorted()
                await Task.yield()
            }
            #expect(sockets.count >= 2, "the listener and the connection")
            let inherited = try sockets.filter { name in
                let text = try String(contentsOfFile: "/proc/\(server.pid)/fdinfo/\(name)", encoding: .utf8)
                let flags = text.split(separator: "\n").first { $0.hasPrefix("flags:") }?.split(separator: "\t").last
                return Int(flags ?? "", radix: 8).map { $0 & 0o2000000 == 0 } ?? true
            }
            #expect(inherited == [])
        }
    }

    @Test(arguments: [
        ("POST /v1/pools HTTP/1.1\r\nHost: 127.0.0.1\r\nTOKENTransfer-Encoding: chunked\r\n\r\nzz\r\n", true),
        ("POST /v1/pools HTTP/1.1\r\nHost: 127.0.0.1\r\nTOKENTransfer-Encoding: identity\r\n\r\n", true),
        ("POST /v1/pools HTTP/1.1\r\nHost: 127.0.0.1\r\nTOKENContent-Length: 50\r\n\r\n{", true),
        ("GET /v1/status HTTP/1.1\r\nTOKEN\r\n", false),
        ("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: localhost\r\nTOKEN\r\n", false),
        ("GET http://elsewhere/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nTOKEN\r\n", false),
        ("GET /v1/status HTTP/1.1\r\nHost: elsewhere\r\n\r\n", false),
        ("what is this\r\n\r\n", false),
    ])
    func `refuse what is not HTTP`(_ text: String, _ ends: Bool) async throws {
        try await inside { _, port, folder in
            let token = try String(contentsOfFile: folder + "/token", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let connection = try RawConnection(port: port)
            connection.say(
                text.replacing("TOKEN", with: "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"))
            if ends { connection.finish() }
            let status = connection.status()
            #expect(status == 400)
        }
    }

    @Test func `close after an answer to a client of HTTP 1.0`() async throws {
        try await inside { _, port, _ in
            let connection = try RawConnection(port: port)
            connection.say("GET /v1/status HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            let start = ContinuousClock.now
            #expect(connection.hear(seconds: 3, untilClosed: true).contains("401"))
            #expect(start.duration(to: .now) < .seconds(2))
        }
    }

    @Test func `answer HEAD for pages`() async throws {
        try await inside { _, port, _ in
            let connection = try RawConnection(port: port)
            connection.say("HEAD /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            let status = connection.status()
            #expect(status == 200)
        }
    }

    @Test(arguments: ["folder", "token", "store"])
    func `refuse state that others may write, or that is elsewhere`(_ what: String) async throws {
        let folder = "/tmp/pb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = folder + "/state"
        try FileManager.default.createDirectory(
            atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        switch what {
        case "folder": chmod(state, 0o777)
        case "token":
            try Data(String(repeating: "a", count: 64).utf8).write(to: URL(filePath: folder + "/real/token"))
            chmod(folder + "/real/token", 0o600)
            symlink(folder + "/real/token", state + "/token")
        default: symlink(folder + "/real/db", state + "/patchbay.sqlite")
        }
        let server = try ServerProcess(in: state)
        let serves = await server.port() != nil
        if serves { server.terminate() }
        let code = await server.exitCode()
        #expect(!serves && code == 1, "\(Self.log(state))")
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(0, count - self.count)) + self
    }
}
