// A worker whose script fails before it can greet, as one does whose imports are blocked.
throw new Error('blocked');
