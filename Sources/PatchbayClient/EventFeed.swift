import AsyncHTTPClient
import Foundation
import NIOCore
import PatchbayAPI
import PatchbayCore

/// Reads an event stream into a continuation and opens it again behind the last event when it breaks.
///
/// Gives up when the server says no, or when it could not be reached `patience` times in a row.
struct EventFeed {
    private static let patience = 10
    private static let longestPause = Duration.seconds(15)
    /// However short a pause the server asks for, so that it cannot make its clients busy.
    private static let shortestPause = 1000

    let client: PatchbayClient
    let continuation: AsyncThrowingStream<API.Event, any Error>.Continuation
    var parser: EventParser
    private var failures = 0

    init(
        client: PatchbayClient, continuation: AsyncThrowingStream<API.Event, any Error>.Continuation,
        parser: EventParser
    ) {
        self.client = client
        self.continuation = continuation
        self.parser = parser
    }

    mutating func run(_ first: HTTPClientResponse.Body) async {
        var body: HTTPClientResponse.Body? = first
        while !Task.isCancelled {
            do {
                if let body { try await read(body) }
                body = try await reopen()
            } catch is CancellationError {
                break
            } catch {
                continuation.finish(throwing: error)
                return
            }
        }
        continuation.finish()
    }

    /// Until the connection ends. A broken connection is no error here: the next one goes on where this one ended.
    private mutating func read(_ body: HTTPClientResponse.Body) async throws {
        do {
            for try await buffer in body {
                for message in try parser.feed(buffer.readableBytesView) {
                    failures = 0
                    continuation.yield(try event(message))
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            try Task.checkCancellation()
        }
    }

    private func event(_ message: EventMessage) throws(Problem) -> API.Event {
        do {
            return try JSONDecoder().decode(API.Event.self, from: Data(message.text.utf8))
        } catch {
            throw Problem(
                .unreadable, "An event from the server cannot be read.",
                next: ["Check that client and server have the same version:  patchbay version"],
                cause: String(describing: error))
        }
    }

    /// A new connection, after a pause that doubles with each failure. nil: not this time.
    private mutating func reopen() async throws -> HTTPClientResponse.Body? {
        let first = Duration.milliseconds(parser.retryMilliseconds.map { max($0, Self.shortestPause) } ?? 500)
        try await Task.sleep(for: min(first * (1 << min(failures, 5)), Self.longestPause))
        // What was half read belongs to the old connection.
        parser = EventParser(lastID: parser.lastID, retryMilliseconds: parser.retryMilliseconds)
        failures += 1
        let opened = await attempt(after: parser.lastID)
        switch opened {
        case .success(let body): return body
        case .failure(let problem):
            guard problem.code == .serverUnreachable, failures < Self.patience else { throw problem }
            return nil
        }
    }

    private func attempt(after id: String?) async -> Result<HTTPClientResponse.Body, Problem> {
        do {
            return .success(try await client.openEvents(after: id))
        } catch {
            return .failure(error)
        }
    }
}
